//! Rows for a terminal.

/// Lines of columns that stand one below the other, the header first; two blanks apart.
pub fn table<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> String {
    let header = header.map(str::to_owned);
    let lines = || std::iter::once(&header).chain(rows);
    let widths: Vec<usize> = (0..N)
        .map(|place| {
            lines()
                .filter_map(|line| line.get(place))
                .map(|cell| width(cell))
                .max()
        })
        .map(Option::unwrap_or_default)
        .collect();
    let line = |cells: &[String; N]| {
        let padded = cells.iter().zip(&widths).map(|(cell, widest)| {
            let blanks = widest.saturating_sub(width(cell));
            format!("{cell}{}", " ".repeat(blanks))
        });
        let line = padded.collect::<Vec<_>>().join("  ");
        line.trim_end().to_owned()
    };
    lines().map(line).collect::<Vec<_>>().join("\n")
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["1", "Béla"], ["12", "Uma Umbach"]].map(|row| row.map(str::to_owned));
        let expected = "ID  NAME\n1   Béla\n12  Uma Umbach";
        assert_eq!(table(["ID", "NAME"], &rows), expected);
        assert_eq!(table(["ID", "NAME"], &[]), "ID  NAME");
    }
}

//! The rows of the choices in a [`PollForm`]: their order, and the buttons that change it.

use super::form::{PollForm, Press};

/// One row of the choices.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Number of the row, from 1.
    pub number: usize,
    /// Key of the choice; empty for a new one.
    pub id: String,
    /// Text of the choice.
    pub text: String,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

impl PollForm {
    /// The rows as they were sent.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let rows = self.choice.iter().enumerate().map(|(place, text)| Row {
            number: place + 1,
            id: self.choice_id.get(place).cloned().unwrap_or_default(),
            text: text.clone(),
        });
        rows.collect()
    }

    /// Puts the rows in the order of the typed places, the removed ones left out and the empty
    /// ones last, and then does what the pressed button says.
    pub fn arrange(&mut self) {
        let mut rows = self.rows();
        rows.retain(|row| !self.remove.contains(&row.number));
        rows.sort_by_key(|row| (row.is_blank(), self.wanted_place(row.number)));
        self.shift(&mut rows);
        if self.press == Press::AddChoice {
            rows.push(Row {
                number: 0,
                id: String::new(),
                text: String::new(),
            });
        }
        self.position.clear();
        self.remove.clear();
        (self.choice_id, self.choice) = rows.into_iter().map(|row| (row.id, row.text)).unzip();
    }

    /// Twice the typed place, and a little more or less: a row that was sent to the place of
    /// another comes before it when it came from below, else after it.
    fn wanted_place(&self, number: usize) -> i64 {
        let own = i64::try_from(number).unwrap_or(i64::MAX);
        let typed = self.position.get(number - 1);
        let wanted: i64 = typed
            .and_then(|typed| typed.trim().parse().ok())
            .unwrap_or(own);
        let lean = wanted.saturating_sub(own).signum();
        wanted.saturating_mul(2).saturating_add(lean)
    }

    fn shift(&self, rows: &mut [Row]) {
        let place_of = |number: usize| rows.iter().position(|row| row.number == number);
        let (from, to) = match self.press {
            Press::Up(number) => {
                let from = place_of(number);
                (from, from.and_then(|from| from.checked_sub(1)))
            }
            Press::Down(number) => {
                let from = place_of(number);
                (from, from.map(|from| from + 1))
            }
            _ => return,
        };
        if let (Some(from), Some(to)) = (from, to)
            && to < rows.len()
        {
            rows.swap(from, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(texts: &[&str]) -> PollForm {
        let mut form = PollForm::blank("UTC");
        form.choice = texts.iter().map(|text| (*text).to_owned()).collect();
        form.choice_id = (1..=texts.len()).map(|id| id.to_string()).collect();
        form
    }

    fn arranged(mut form: PollForm) -> Vec<String> {
        form.arrange();
        form.choice
    }

    #[test]
    fn rows_follow_the_typed_numbers_and_empty_rows_come_last() {
        let mut form = form(&["a", "", "b", "c"]);
        form.position = ["3", "1", "2", "1"].map(str::to_owned).to_vec();
        form.arrange();
        assert_eq!(form.choice, ["c", "b", "a", ""]);
        assert_eq!(form.choice_id, ["4", "3", "1", "2"]);
    }

    #[test]
    fn a_row_sent_to_the_place_of_another_takes_it() {
        for (positions, order) in [
            (["1", "2", "1"], ["c", "a", "b"]),
            (["3", "2", "3"], ["b", "c", "a"]),
            (["1", "2", "x"], ["a", "b", "c"]),
            (["1", "-5", "99999999999999999999"], ["b", "a", "c"]),
        ] {
            let mut form = form(&["a", "b", "c"]);
            form.position = positions.map(str::to_owned).to_vec();
            assert_eq!(arranged(form), order);
        }
    }

    #[test]
    fn the_buttons_move_a_row_by_one_place_and_not_past_the_ends() {
        for (press, order) in [
            (Press::Up(2), ["b", "a", "c"]),
            (Press::Down(2), ["a", "c", "b"]),
            (Press::Up(1), ["a", "b", "c"]),
            (Press::Down(3), ["a", "b", "c"]),
            (Press::Down(usize::MAX), ["a", "b", "c"]),
            (Press::Up(0), ["a", "b", "c"]),
        ] {
            let mut form = form(&["a", "b", "c"]);
            form.press = press;
            assert_eq!(arranged(form), order, "{press:?}");
        }
    }

    #[test]
    fn a_row_marked_for_removal_is_gone_and_a_row_is_added_on_request() {
        let mut form = form(&["a", "b", "c"]);
        form.remove = vec![2, 17];
        form.press = Press::AddChoice;
        assert_eq!(arranged(form), ["a", "c", ""]);
    }

    #[test]
    fn lists_of_different_lengths_are_read_as_far_as_they_go() {
        let mut form = form(&["a", "b"]);
        form.choice_id.truncate(1);
        form.position = vec!["2".to_owned()];
        form.arrange();
        assert_eq!(form.choice, ["b", "a"]);
        assert_eq!(form.choice_id, ["", "1"]);
    }
}

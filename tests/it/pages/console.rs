//! What every page of the console has in common.

use super::{crawl::Seen, elements, hold};

fn is_console(seen: &Seen) -> bool {
    seen.is_page() && !elements(seen, ".console").is_empty()
}

/// A24.
#[tokio::test]
async fn every_page_of_the_console_says_where_it_is_and_leads_back() {
    hold(is_console, |seen| {
        let page = &seen.reply;
        let counts = [
            page.texts(".side-nav[aria-label] a").len(),
            page.texts(".side-nav [aria-current]").len(),
            page.texts("body > a.skip[href='#main']:first-child").len(),
        ];
        let here = page.texts("nav.breadcrumbs [aria-current=page]");
        let is_index = seen.path.split('?').next() == Some("/admin/");
        let above = page.attributes("nav.breadcrumbs a", "href");
        let leads_back = is_index || above.first().is_some_and(|first| first == "/admin/");
        let fits = counts == [7, 1, 1] && leads_back && (is_index || here.len() == 1);
        (!fits).then(|| format!("{counts:?}, {above:?}, {here:?}"))
    })
    .await;
}

/// A24: somebody who hears the page tells its navigations apart by their names.
#[tokio::test]
async fn every_navigation_has_a_name_of_its_own() {
    hold(Seen::is_page, |seen| {
        let names = seen.reply.attributes("nav", "aria-label");
        let named = names.iter().collect::<std::collections::BTreeSet<_>>();
        let all = seen.reply.texts("nav").len();
        (named.len() != all).then(|| format!("{all} navigations named {names:?}"))
    })
    .await;
}

/// A38: by keyboard, a table that is wider than the screen is moved inside a region with a name.
#[tokio::test]
async fn every_table_of_the_console_is_in_a_region_that_takes_the_focus() {
    hold(is_console, |seen| {
        let region = ".region[role=region][tabindex='0']:is([aria-label], [aria-labelledby])";
        let all = seen.reply.texts("table").len();
        let inside = seen.reply.texts(&format!("{region} > table")).len();
        (inside != all).then(|| format!("{inside} of {all} tables"))
    })
    .await;
}

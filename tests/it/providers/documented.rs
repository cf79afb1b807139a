//! `docs/providers.md` as a person would follow it.

use std::collections::BTreeMap;

use rolecall::config::{Config, Environment, ProviderConfig};

const TEXT: &str = include_str!("../../../docs/providers.md");

/// Every block of settings, with the heading above it.
fn blocks() -> Vec<(&'static str, BTreeMap<String, String>)> {
    let mut heading = "";
    let mut found = Vec::new();
    let mut lines = TEXT.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title;
        }
        if line == "```env" {
            let block = lines.by_ref().take_while(|line| *line != "```");
            let block = block.collect::<Vec<_>>().join("\n");
            let values = dotenvy::from_read_iter(block.as_bytes());
            found.push((heading, values.map(|pair| pair.expect("a line")).collect()));
        }
    }
    found
}

fn read(block: &BTreeMap<String, String>) -> Config {
    let env: Environment = block.clone().into_iter().collect();
    Config::read(&env).expect("the settings can be read")
}

/// What the section says to set, for this provider in place of the example's.
pub fn provider(heading: &str, registered: &ProviderConfig) -> ProviderConfig {
    let (_, mut block) = blocks()
        .into_iter()
        .find(|(title, _)| *title == heading)
        .expect("a section");
    let base = registered.op_base_url.to_string();
    block.insert("OIDC_OP_BASE_URL".to_owned(), base);
    block.insert("OIDC_RP_CLIENT_ID".to_owned(), registered.client_id.clone());
    if let (Some(project), Some(example)) = (&registered.project, block.get_mut("ZITADEL_PROJECT"))
    {
        example.clone_from(project);
    }
    ProviderConfig {
        credential: registered.credential.clone(),
        ..read(&block).oidc.providers.remove(0)
    }
}

/// A-17.
#[test]
fn every_block_of_settings_can_be_used_as_it_stands() {
    let blocks = blocks();
    assert_eq!(blocks.len(), 6);
    for (heading, block) in &blocks {
        let config = read(block);
        assert_eq!(config.unknown, [""; 0], "{heading}");
    }
    let several = read(&blocks[5].1).oidc.providers;
    assert_eq!(several[1].label, "Our partner");
}

#[test]
fn every_address_to_register_is_an_address_of_the_site() {
    let addresses = TEXT
        .split('`')
        .filter_map(|word| word.strip_prefix("https://polls.example.org/oidc/"));
    let routes: Vec<_> = rolecall::app::routes()
        .into_iter()
        .map(|route| route.path.replace("{provider}", "partner"))
        .collect();
    let addresses: Vec<_> = addresses.map(|path| format!("/oidc/{path}")).collect();
    assert!(addresses.len() >= 4, "{addresses:?}");
    for address in addresses {
        assert!(routes.contains(&address), "{address}");
    }
}

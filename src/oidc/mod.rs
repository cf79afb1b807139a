//! Sign-in at an OpenID Provider.
use crate::{
    clock::Clock, config::Config, db::Db, error::Result, headers::FormTargets, random::Random,
    vault::Vault,
};
/// The relying party.
#[derive(Clone, Debug)]
pub struct Oidc;
impl Oidc {
    /// New.
    pub fn new(_: &Config, _: Vault, _: Db, _: Clock, _: Random, _: FormTargets) -> Result<Self> {
        Ok(Self)
    }
    /// Ready.
    pub fn is_ready(&self) -> bool {
        true
    }
}

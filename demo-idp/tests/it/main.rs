//! The provider over HTTP, as a relying party meets it.

#![cfg(test)]

mod assertions;
mod authorization;
mod device;
mod faults;
mod logout;
mod profiles;
mod roles;
mod signing;
mod support;
mod tokens;

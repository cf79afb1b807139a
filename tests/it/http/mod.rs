//! HTTP from outside: headers, addresses, errors and floods.

mod addresses;
mod ballot_papers;
mod errors;
mod floods;
mod headers;
mod http_2;

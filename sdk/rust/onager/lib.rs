// SPDX-License-Identifier: MIT
//! Onager plugins in Rust: the C ABI of onager/abi.h (module abi, with the names and the rules of
//! that header) and as much over it as makes a component a struct with a trait:
//!
//!     use onager::*;
//!
//!     struct Cauchy { rate: f64 }
//!
//!     impl Component for Cauchy {
//!         fn new(config: &Config, _host: Host) -> Result<Self> {
//!             Ok(Cauchy { rate: config.real("bandwidth")?.powi(-2) })
//!         }
//!     }
//!     impl RadialKernel for Cauchy { .. }
//!
//!     onager::plugin!("org.example.cauchy", "1.0.0", "MIT", [
//!         onager::radial_kernel::<Cauchy>("cauchy", "1 / (1 + r²/bandwidth²)", vec![
//!             onager::real("bandwidth", 1.0, "Length scale of the distance r").above(0.0)])]);
//!
//! It needs no crate but std. Build it with CMake's onager_add_rust_plugin, or
//!
//!     rustc --edition 2021 -O --crate-type rlib --crate-name onager lib.rs
//!     rustc --edition 2021 -O --crate-type cdylib --extern onager=libonager.rlib cauchy.rs
//!
//! No panic leaves a plugin: each becomes a status with its text.

pub mod abi;
mod array;
mod component;
mod dataset;
mod diagnostic;
mod error;
mod feature_map;
mod host;
mod kernel;
mod loss;
mod model;
mod optimizer;
mod parameter;

pub use array::{Matrix, MatrixMut, Real};
pub use component::{publish, Built, Component};
pub use dataset::{dataset, Dataset, Sizes, Split, Task};
pub use diagnostic::{diagnostic, Diagnostic, View};
pub use error::{Error, Result};
pub use feature_map::{feature_map, FeatureMap};
pub use host::{Config, Host};
pub use kernel::{radial_kernel, RadialKernel};
pub use loss::{loss, Loss};
pub use model::{model, Model};
pub use optimizer::{linear_solver, KernelOperator, LinearSolver};
pub use parameter::{choice, flag, integer, real, text, Parameter};

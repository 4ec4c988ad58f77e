// SPDX-License-Identifier: MIT
use crate::abi::{onager_host, onager_status, ONAGER_INTERNAL, ONAGER_INVALID, ONAGER_OK};
use std::ffi::CString;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// A failure with the status it crosses the ABI as and a reason for the user. Without a reason, it
/// comes from a call of the host, which has said it already.
#[derive(Debug)]
pub struct Error {
    pub status: onager_status,
    pub reason: Option<String>,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(status: onager_status, reason: impl Into<String>) -> Self {
        Error { status, reason: Some(reason.into()) }
    }
    /// ONAGER_INVALID: parameters that do not fit together.
    pub fn invalid(reason: impl Into<String>) -> Self {
        Error::new(ONAGER_INVALID, reason)
    }
}

/// Ok for ONAGER_OK, else the failure of the host's call.
pub(crate) fn check(status: onager_status) -> Result<()> {
    if status == ONAGER_OK {
        return Ok(());
    }
    Err(Error { status, reason: None })
}

/// Runs work and turns an error or a panic into a status and a reason.
pub(crate) fn guard(host: *const onager_host, work: impl FnOnce() -> Result<()>) -> onager_status {
    let say = |reason: &str| {
        let text = CString::new(reason.replace('\0', " ")).unwrap_or_default();
        // the host table outlives its instance
        unsafe { ((*host).set_error)(host, text.as_ptr()) };
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => ONAGER_OK,
        Ok(Err(error)) => {
            if let Some(reason) = &error.reason {
                say(reason);
            }
            error.status
        }
        Err(panic) => {
            let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
                (Some(text), _) => text.to_string(),
                (_, Some(text)) => text.clone(),
                _ => "without a text".into(),
            };
            say(&format!("a panic: {text}"));
            ONAGER_INTERNAL
        }
    }
}

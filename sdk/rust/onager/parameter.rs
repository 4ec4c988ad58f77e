// SPDX-License-Identifier: MIT
use crate::abi::*;
use std::ffi::{c_void, CString};
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;

/// A text that lives to the end, as descriptions must.
pub(crate) fn forever(text: &str) -> *const c_char {
    CString::new(text.replace('\0', " ")).unwrap_or_default().into_raw()
}

/// One row of a component's parameter table.
pub struct Parameter(pub(crate) onager_parameter);

impl Parameter {
    fn of(kind: u32, name: &str, doc: &str) -> Self {
        let nothing = forever("");
        Parameter(onager_parameter {
            struct_size: size_of::<onager_parameter>() as u32,
            r#type: kind,
            flags: 0,
            choice_count: 0,
            name: forever(name),
            doc: forever(doc),
            unit: nothing,
            real_default: 0.0,
            real_min: f64::NEG_INFINITY,
            real_max: f64::INFINITY,
            integer_default: 0,
            integer_min: i64::MIN,
            integer_max: i64::MAX,
            text_default: nothing,
            choices: null(),
            child_kind: nothing,
        })
    }
    pub fn required(mut self) -> Self {
        self.0.flags |= ONAGER_REQUIRED;
        self
    }
    pub fn unit(mut self, text: &str) -> Self {
        self.0.unit = forever(text);
        self
    }
    pub fn at_least(mut self, least: f64) -> Self {
        self.0.real_min = least;
        self.0.integer_min = least as i64;
        self
    }
    pub fn at_most(mut self, most: f64) -> Self {
        self.0.real_max = most;
        self.0.integer_max = most as i64;
        self
    }
    /// The limit itself is outside. For real numbers.
    pub fn above(mut self, least: f64) -> Self {
        self.0.real_min = least;
        self.0.flags |= ONAGER_MIN_OPEN;
        self
    }
    pub fn below(mut self, most: f64) -> Self {
        self.0.real_max = most;
        self.0.flags |= ONAGER_MAX_OPEN;
        self
    }
}

pub fn real(name: &str, value: f64, doc: &str) -> Parameter {
    let mut p = Parameter::of(ONAGER_REAL, name, doc);
    p.0.real_default = value;
    p
}
pub fn integer(name: &str, value: i64, doc: &str) -> Parameter {
    let mut p = Parameter::of(ONAGER_INTEGER, name, doc);
    p.0.integer_default = value;
    p
}
pub fn flag(name: &str, value: bool, doc: &str) -> Parameter {
    let mut p = Parameter::of(ONAGER_BOOLEAN, name, doc);
    p.0.integer_default = value as i64;
    p.0.integer_min = 0;
    p.0.integer_max = 1;
    p
}
pub fn text(name: &str, value: &str, doc: &str) -> Parameter {
    let mut p = Parameter::of(ONAGER_STRING, name, doc);
    p.0.text_default = forever(value);
    p
}
pub fn choice(name: &str, choices: &[&str], value: &str, doc: &str) -> Parameter {
    let mut p = Parameter::of(ONAGER_CHOICE, name, doc);
    let list: Vec<*const c_char> = choices.iter().map(|c| forever(c)).collect();
    p.0.choice_count = list.len() as u32;
    p.0.choices = Box::leak(list.into_boxed_slice()).as_ptr();
    p.0.text_default = forever(value);
    p
}

/// The table that a pointer means, as interface() returns it.
pub(crate) fn erased<T>(table: &'static T) -> *const c_void {
    table as *const T as *const c_void
}

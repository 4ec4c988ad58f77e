// SPDX-License-Identifier: MIT
//! Without a word of unsafe code: the first instance of the process decides.
use onager::*;
use std::sync::OnceLock;

static RATE: OnceLock<f64> = OnceLock::new();

struct Cauchy;

impl Component for Cauchy {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        let width = config.real("width")?;
        RATE.get_or_init(|| width.powi(-2));
        Ok(Cauchy)
    }
}

impl RadialKernel for Cauchy {
    fn evaluate<T: Real>(&self, r2: T) -> (T, T) {
        let rate = T::of(*RATE.get().unwrap());
        let k = T::of(1.0) / (T::of(1.0) + rate * r2);
        (k, -rate * k * k)
    }
}

onager::plugin!("org.example.spoiled", "1.0.0", "MIT", [
    radial_kernel::<Cauchy>("spoiled", "Kernel 1 / (1 + r²/width²)", vec![
        real("width", 2.0, "Length scale").above(0.0),
    ]),
]);

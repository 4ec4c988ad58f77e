// SPDX-License-Identifier: MIT
//! A panic where no status can be returned: it would cross into C, and Rust aborts.
use onager::*;

struct Cauchy {
    rate: f64, // 1 / width²
}

impl Drop for Cauchy {
    fn drop(&mut self) {
        assert!(self.rate < 0.0, "not all was written");
    }
}

impl Component for Cauchy {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        Ok(Cauchy { rate: config.real("width")?.powi(-2) })
    }
}

impl RadialKernel for Cauchy {
    fn evaluate<T: Real>(&self, r2: T) -> (T, T) {
        let rate = T::of(self.rate);
        let k = T::of(1.0) / (T::of(1.0) + rate * r2);
        (k, -rate * k * k)
    }
}

onager::plugin!("org.example.spoiled", "1.0.0", "MIT", [
    radial_kernel::<Cauchy>("spoiled", "Kernel 1 / (1 + r²/width²)", vec![
        real("width", 2.0, "Length scale").above(0.0),
    ]),
]);

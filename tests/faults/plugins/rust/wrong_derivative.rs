// SPDX-License-Identifier: MIT
//! The derivative by r where the one by r² is asked for.
use onager::*;

struct Cauchy {
    rate: f64, // 1 / width²
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
        (k, T::of(-2.0) * r2.sqrt() * rate * k * k)
    }
}

onager::plugin!("org.example.spoiled", "1.0.0", "MIT", [
    radial_kernel::<Cauchy>("spoiled", "Kernel 1 / (1 + r²/width²)", vec![
        real("width", 2.0, "Length scale").above(0.0),
    ]),
]);

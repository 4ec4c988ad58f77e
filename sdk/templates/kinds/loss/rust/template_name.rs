use onager::*;

/// Huber's loss of a difference r = f - y: r²/2 within the threshold, and a line of that slope
/// beyond, divided by the number of samples.
struct TemplateName {
    threshold: f64,
}

impl Component for TemplateName {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        Ok(TemplateName { threshold: config.real("threshold")? })
    }
}

impl Loss for TemplateName {
    fn evaluate<T: Real>(
        &self,
        samples: usize,
        f: Matrix<T>,
        y: Matrix<T>,
        mut gradient: Option<MatrixMut<T>>,
    ) -> Result<f64> {
        let share = 1.0 / samples as f64;
        let mut sum = 0.0;
        for i in 0..f.rows {
            for j in 0..f.cols {
                let r = f.at(i, j).f64() - y.at(i, j).f64();
                let slope = r.max(-self.threshold).min(self.threshold);
                sum += share * slope * (r - slope / 2.0);
                if let Some(gradient) = &mut gradient {
                    gradient.set(i, j, T::of(share * slope));
                }
            }
        }
        Ok(sum)
    }

    fn curvature<T: Real>(
        &self,
        samples: usize,
        f: Matrix<T>,
        y: Matrix<T>,
        t: Matrix<T>,
        mut out: MatrixMut<T>,
    ) -> Result<()> {
        for i in 0..f.rows {
            for j in 0..f.cols {
                let within = (f.at(i, j).f64() - y.at(i, j).f64()).abs() <= self.threshold;
                out.set(i, j, T::of(if within { t.at(i, j).f64() / samples as f64 } else { 0.0 }));
            }
        }
        Ok(())
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    loss::<TemplateName>("template_name", "Huber's loss, the mean over the samples", vec![
        real("threshold", 1.0, "Where the loss turns from r²/2 into a line").above(0.0),
    ])
    .cite("Huber, Robust estimation of a location parameter, 1964"),
]);

use onager::*;

/// phi_j(x) = tanh(x_j / scale): features that no outlier carries away.
struct TemplateName {
    scale: f64,
}

impl Component for TemplateName {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        Ok(TemplateName { scale: config.real("scale")? })
    }
}

impl FeatureMap for TemplateName {
    fn output_dimension(&self, d: i64) -> Result<i64> {
        Ok(d)
    }

    // x and out: one sample a row
    fn apply<T: Real>(&self, x: Matrix<T>, mut out: MatrixMut<T>) -> Result<()> {
        for i in 0..x.rows {
            for j in 0..x.cols {
                out.set(i, j, T::of((x.at(i, j).f64() / self.scale).tanh()));
            }
        }
        Ok(())
    }

    // row i of out: the gradient g_i by phi(x_i), carried back to x_i
    fn pullback<T: Real>(&self, x: Matrix<T>, g: Matrix<T>, mut out: MatrixMut<T>) -> Result<()> {
        for i in 0..x.rows {
            for j in 0..x.cols {
                let phi = (x.at(i, j).f64() / self.scale).tanh();
                out.set(i, j, T::of(g.at(i, j).f64() * (1.0 - phi * phi) / self.scale));
            }
        }
        Ok(())
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    feature_map::<TemplateName>("template_name", "Each feature by itself: tanh(x / scale)", vec![
        real("scale", 1.0, "Where a feature begins to saturate").above(0.0),
    ]),
]);

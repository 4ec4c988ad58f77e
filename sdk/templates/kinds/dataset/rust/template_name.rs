use onager::*;

/// y = sin(x_1) + .. + sin(x_d) + noise for standard normal x. A sample's numbers are those at its
/// own place of the host's random stream, so that they do not depend on which samples are asked for.
struct TemplateName {
    host: Host,
    dimension: usize,
    train_samples: i64,
    test_samples: i64,
    noise: f64,
}

impl Component for TemplateName {
    fn new(config: &Config, host: Host) -> Result<Self> {
        Ok(TemplateName {
            host,
            dimension: config.integer("dimension")? as usize,
            train_samples: config.integer("train_samples")?,
            test_samples: config.integer("test_samples")?,
            noise: config.real("noise")?,
        })
    }
}

impl Dataset for TemplateName {
    fn describe(&mut self) -> Result<Sizes> {
        Ok(Sizes {
            task: Task::Regression,
            train: self.train_samples,
            test: self.test_samples,
            features: self.dimension as i64,
            outputs: 1,
        })
    }

    fn fill<T: Real>(&mut self, split: Split, first: usize, mut x: MatrixMut<T>, mut y: MatrixMut<T>) -> Result<()> {
        let stream = if split == Split::Train { 0 } else { 1 };
        let mut drawn = vec![0.0; self.dimension + 1]; // of a sample: x and the noise
        for i in 0..x.rows {
            let offset = (first + i) * drawn.len();
            self.host.normal(stream, offset as u64, &mut drawn)?;
            let mut sum = self.noise * drawn[self.dimension];
            for j in 0..self.dimension {
                x.set(i, j, T::of(drawn[j]));
                sum += drawn[j].sin();
            }
            y.set(i, 0, T::of(sum));
        }
        Ok(())
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    dataset::<TemplateName>("template_name", "A sum of sines of normal features, with noise", vec![
        integer("dimension", 4, "Features of a sample").at_least(1.0),
        integer("train_samples", 200, "Training samples").at_least(1.0),
        integer("test_samples", 100, "Test samples").at_least(0.0),
        real("noise", 0.1, "Standard deviation of the noise").at_least(0.0),
    ]),
]);

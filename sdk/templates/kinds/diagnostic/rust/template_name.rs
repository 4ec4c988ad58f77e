use onager::*;

/// The largest error |f(x) - y| on the training and on the test samples, after every round or step.
struct TemplateName {
    host: Host,
}

impl Component for TemplateName {
    fn new(_config: &Config, host: Host) -> Result<Self> {
        Ok(TemplateName { host })
    }
}

impl TemplateName {
    fn emit(&self, view: &View, split: &str, name: &str) -> Result<()> {
        let f = view.find(&format!("{split}.predictions"))?;
        let y = view.find(&format!("{split}.targets"))?;
        let (f, y) = match (f, y) {
            (Some(f), Some(y)) => (f, y),
            _ => return Ok(()), // such as of a run that was stopped before its first round
        };
        let mut largest: f64 = 0.0;
        for i in 0..f.rows() {
            for j in 0..f.cols() {
                largest = largest.max((f.at(i, j) - y.at(i, j)).abs());
            }
        }
        self.host.emit(name, largest)
    }
}

impl Diagnostic for TemplateName {
    fn observe(&mut self, view: &View) -> Result<()> {
        self.emit(view, "train", "largest_train_error")?;
        self.emit(view, "test", "largest_test_error")
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    diagnostic::<TemplateName>("template_name", "The largest errors on training and test samples", vec![]),
]);

#include <onager/diagnostic.hpp>

#include <cmath>

// The largest error |f(x) - y| on the training and on the test samples, after every round or step.
class TemplateName {
 public:
  TemplateName(const onager::Config&, const onager::Host& host) : host_(host) {}

  void observe(const onager::View& view) const {
    emit(view, "train", "largest_train_error");
    emit(view, "test", "largest_test_error");
  }

 private:
  void emit(const onager::View& view, const std::string& split, const char* name) const {
    const auto f = view.find((split + ".predictions").c_str());
    const auto y = view.find((split + ".targets").c_str());
    if (!f || !y) return;  // such as of a run that was stopped before its first round
    double largest = 0;
    for (std::int64_t i = 0; i < f->rows; ++i)
      for (std::int64_t j = 0; j < f->cols; ++j)
        largest =
            std::max(largest, std::abs(onager::element(*f, i, j) - onager::element(*y, i, j)));
    host_.emit(name, largest);
  }

  onager::Host host_;
};

ONAGER_PLUGIN("org.example.template_name", "0.1.0", "MIT",
              onager::diagnostic<TemplateName>("template_name",
                                               "The largest errors on training and test samples"))

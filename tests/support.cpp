// SPDX-License-Identifier: MIT
#include "support.hpp"

namespace onager::test {

const host::Registry& built_in() {
  static const host::Registry registry = host::Registry::load({{ONAGER_PLUGIN_DIR, "test"}});
  return registry;
}

host::Plan plan_of(const std::string& toml, const std::vector<std::string>& overrides) {
  const Scratch scratch;
  return host::read_plan(scratch.file("pipeline.toml", toml), overrides, built_in());
}

Kernel kernel_of(const std::string& table) {
  const host::Plan plan =
      plan_of("[dataset]\nuse = \"modular_arithmetic\"\nmodulus = 5\n[kernel]\n" + table +
              "\n[optimizer]\nuse = \"cholesky\"\n");
  Kernel kernel;
  kernel.environment = std::make_unique<host::Environment>();
  kernel.instance = std::make_unique<host::Instance>(plan.kernel, *kernel.environment);
  const onager_child root{sizeof root, 0, &kernel.instance->component(), kernel.instance->get()};
  kernel.expression = std::make_unique<host::KernelExpression>(
      root, [instance = kernel.instance.get()](const std::function<onager_status()>& work) {
        instance->call("evaluate", work);
      });
  return kernel;
}

arma::mat reference(const std::string& name) {
  return host::copy_as<double>(
      host::read_npy(fs::path(ONAGER_TEST_DATA) / "reference" / (name + ".npy")).view());
}

double relative_error(const arma::mat& a, const arma::mat& b) {
  return arma::abs(a - b).max() / arma::abs(b).max();
}

}  // namespace onager::test

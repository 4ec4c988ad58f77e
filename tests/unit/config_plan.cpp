// SPDX-License-Identifier: MIT
#include "config_support.hpp"

#include "../catch.hpp"

#include <cmath>

using namespace config_test;

TEST_CASE("what a file leaves out gets its default and no place") {
  const Plan plan = plan_of(pipeline());
  CHECK(plan.seed == 0);
  CHECK(plan.precision == Precision::float64);
  CHECK(plan.kernel_loop.rounds == 1);
  CHECK(plan.kernel_loop.validation == 0);
  CHECK(plan.kernel_loop.patience == 0);
  CHECK_FALSE(plan.kernel_loop.fresh_samples);
  CHECK(plan.kernel_loop.start.empty());
  CHECK(plan.feature_maps.empty());
  CHECK(plan.diagnostics.empty());
  const auto& bandwidth = value(plan.kernel, "bandwidth");
  CHECK(bandwidth.is_default);
  CHECK(bandwidth.real == 1.0);
  CHECK(bandwidth.where.line == 0);
  CHECK(value(plan.dataset, "operation").text == "add");
  CHECK(value(plan.dataset, "shuffle").integer == 1);
  CHECK(value(plan.dataset, "train").text.empty());
  CHECK(value(plan.dataset, "labels").texts.empty());
}

TEST_CASE("every type of value is read") {
  const Plan plan = plan_of(
      "seed = 9223372036854775807\nprecision = 'float32'\n[loop]\nrounds = 30\n"
      "[dataset]\nuse = 'numbers'\nmodulus = 0x3d\noperation = 'subtract'\nfraction = 0.25\n"
      "title = \"a\\tb\"\nshuffle = false\nlabels = ['u', 'v']\nsizes = [3, 1]\n"
      "[kernel]\nuse = 'total'\nterms = [{ use = 'flat' }]\nweights = [1, 0.5]\n"
      "[optimizer]\nuse = 'direct'\nridge = 2\n");
  CHECK(plan.seed == 9223372036854775807u);
  CHECK(plan.precision == Precision::float32);
  CHECK(plan.kernel_loop.rounds == 30);
  CHECK(value(plan.dataset, "modulus").integer == 61);
  CHECK_FALSE(value(plan.dataset, "modulus").is_default);
  CHECK(value(plan.dataset, "modulus").where.line == 7);
  CHECK(value(plan.dataset, "modulus").where.column == 11);
  CHECK(value(plan.dataset, "operation").text == "subtract");
  CHECK(value(plan.dataset, "fraction").real == 0.25);
  CHECK(value(plan.dataset, "title").text == "a\tb");
  CHECK(value(plan.dataset, "shuffle").integer == 0);
  CHECK(value(plan.dataset, "labels").texts == std::vector<std::string>{"u", "v"});
  CHECK(value(plan.dataset, "sizes").integers == std::vector<std::int64_t>{3, 1});
  CHECK(value(plan.kernel, "weights").reals == std::vector<double>{1, 0.5});
  CHECK(value(plan.optimizer, "ridge").real == 2.0);
}

TEST_CASE("values stand in the order of the component's table") {
  const Plan plan = plan_of(
      "[dataset]\nsizes = [1]\nmodulus = 7\nuse = 'numbers'\n[kernel]\nuse = 'flat'\n"
      "[optimizer]\nuse = 'plain'\n");
  std::vector<std::string> names;
  for (const auto& v : plan.dataset.values) names.emplace_back(v.parameter->name);
  CHECK(names == std::vector<std::string>{"modulus", "operation", "fraction", "train", "title",
                                          "shuffle", "labels", "sizes"});
}

TEST_CASE("components know their place in the pipeline and in the file") {
  const Plan plan = plan_of(
      "[[feature_map]]\nuse = 'stretch'\n[[feature_map]]\nuse = 'stretch'\npower = 2\n"
      "[[diagnostic]]\nuse = 'watch'\n" +
      pipeline("use = 'total'\nterms = [{ use = 'flat' }, { use = 'scaled', inner = { use = "
               "'flat', bandwidth = 3 } }]\n"));
  CHECK(plan.feature_maps.at(0).path == "feature_map[0]");
  CHECK(plan.feature_maps.at(1).path == "feature_map[1]");
  CHECK(value(plan.feature_maps[1], "power").real == 2);
  CHECK(plan.diagnostics.at(0).path == "diagnostic[0]");
  CHECK(plan.kernel.path == "kernel");
  const auto& terms = value(plan.kernel, "terms").children;
  REQUIRE(terms.size() == 2);
  CHECK(terms[0].path == "kernel.terms[0]");
  CHECK(terms[1].path == "kernel.terms[1]");
  CHECK(terms[1].where.line == 10);
  CHECK(terms[1].where.column == 36);
  const auto& inner = value(terms[1], "inner").children;
  REQUIRE(inner.size() == 1);
  CHECK(inner[0].path == "kernel.terms[1].inner");
  CHECK(value(inner[0], "bandwidth").real == 3);
  CHECK(inner[0].plugin->descriptor->id == std::string("org.test.one"));
}

TEST_CASE("nested components may be tables of their own") {
  const Plan plan = plan_of(
      pipeline("use = 'total'\n[[kernel.terms]]\nuse = 'flat'\n[[kernel.terms]]\nuse = 'scaled'\n"
               "[kernel.terms.inner]\nuse = 'flat'\nbandwidth = 4\n"));
  const auto& terms = value(plan.kernel, "terms").children;
  REQUIRE(terms.size() == 2);
  CHECK(value(value(terms[1], "inner").children.at(0), "bandwidth").real == 4);
}

TEST_CASE("a plain feature_map table counts as a chain of one") {
  const Plan plan = plan_of("[feature_map]\nuse = 'stretch'\n" + pipeline());
  REQUIRE(plan.feature_maps.size() == 1);
  CHECK(plan.feature_maps[0].path == "feature_map[0]");
}

TEST_CASE("a qualified id names the plugin too") {
  const Plan plan = plan_of(pipeline("use = 'org.test.one/flat'\n"));
  CHECK(plan.kernel.use == "org.test.one/flat");
  CHECK(plan.kernel.component->id == std::string("flat"));
}

TEST_CASE("a relative path counts from the pipeline file's folder and is normalised") {
  const Folder folder;
  const auto train = [&](const std::string& text) {
    const Plan plan = plan_of("[dataset]\nuse = 'numbers'\nmodulus = 7\ntrain = '" + text +
                                  "'\n[kernel]\nuse = 'flat'\n[optimizer]\nuse = 'plain'\n",
                              {}, folder);
    return value(plan.dataset, "train").text;
  };
  CHECK(train("data/x.csv") == (folder.path() / "data/x.csv").string());
  CHECK(train("./a/../b//x.csv") == (folder.path() / "b/x.csv").string());
  CHECK(train("/data/x.csv") == "/data/x.csv");
  CHECK(train("") == "");
}

TEST_CASE("a path counts from the file's folder when the file itself is named relatively") {
  const Folder folder;
  std::ofstream(folder.path() / "p.toml")
      << "[dataset]\nuse = 'numbers'\nmodulus = 7\ntrain = 'x.csv'\n[kernel]\nuse = 'flat'\n"
         "[optimizer]\nuse = 'plain'\n";
  const auto relative =
      std::filesystem::relative(folder.path() / "p.toml", std::filesystem::current_path());
  REQUIRE(relative.is_relative());
  const Plan plan = read_plan(relative, {}, registry());
  CHECK(value(plan.dataset, "train").text == (folder.path() / "x.csv").string());
}

TEST_CASE("a value that equals its default counts as the default") {
  const Plan plan = plan_of(pipeline("use = 'flat'\nbandwidth = 1\n"));
  CHECK(value(plan.kernel, "bandwidth").is_default);
  CHECK_FALSE(
      value(plan_of(pipeline("use = 'flat'\nbandwidth = 2\n")).kernel, "bandwidth").is_default);
}

TEST_CASE("an infinite value is taken where it is the default") {
  const Plan plan = plan_of("[feature_map]\nuse = 'stretch'\nlimit = inf\n" + pipeline());
  CHECK(std::isinf(value(plan.feature_maps[0], "limit").real));
}

TEST_CASE("an expression is a number or a text, and is written out as it was read") {
  const auto rate = [](const std::string& text) {
    const Plan plan = plan_of(network_pipeline("", text.empty() ? "" : "rate = " + text + "\n"));
    CHECK(to_toml(plan_of(to_toml(plan))) == to_toml(plan));
    return value(plan.optimizer, "rate");
  };
  CHECK(rate("").text == "0.5");
  CHECK(rate("0.5").is_default);
  CHECK(rate("3").text == "3");
  CHECK(rate("1e-3").text == "0.001");
  CHECK(rate("'2.5/lambda'").text == "2.5/lambda");
}

TEST_CASE("a model in another's place draws the random numbers of that place") {
  const Plan plan = plan_of(
      "[dataset]\nuse = 'numbers'\nmodulus = 7\n[model]\nuse = 'wrapped'\nof = { use = "
      "'wrapped', of = { use = 'net' } }\n[loss]\nuse = 'squares'\n[optimizer]\nuse = 'walk'\n");
  CHECK(plan.model.stream == "model");
  const ComponentPlan& middle = value(plan.model, "of").children.front();
  CHECK(middle.path == "model.of");
  CHECK(middle.stream == "model");
  CHECK(value(middle, "of").children.front().stream == "model");
  // one of several has a place of its own
  const Plan kernels = plan_of(pipeline("use = 'total'\nterms = [{ use = 'flat' }]\n"));
  CHECK(value(kernels.kernel, "terms").children.front().stream == "kernel.terms[0]");
}

TEST_CASE("a network pipeline written out and read again is the same") {
  const Plan plan = plan_of(network_pipeline("every = 10\nstop_below = 1e-9\nagop_penalty = 0.1\n",
                                             "rate = '1/lambda'\n") +
                            "[[diagnostic]]\nuse = 'watch'\nevery = 20\n");
  CHECK(plan.is_network());
  CHECK(plan.network_loop.every == 10);
  CHECK(plan.network_loop.stop_below == 1e-9);
  CHECK(plan.diagnostics.at(0).every == 20);
  const Plan again = plan_of(to_toml(plan));
  CHECK(to_toml(again) == to_toml(plan));
  CHECK(again.diagnostics.at(0).every == 20);
}

TEST_CASE("the keys of the loop are read, a start counted from the file's folder") {
  const Folder folder;
  const Plan plan = plan_of(
      "[loop]\nrounds = 9\nvalidation = 0.25\npatience = 3\nfresh_samples = true\n"
      "start = 'runs/m.npy'\n" +
          pipeline(),
      {}, folder);
  CHECK(plan.kernel_loop.rounds == 9);
  CHECK(plan.kernel_loop.validation == 0.25);
  CHECK(plan.kernel_loop.patience == 3);
  CHECK(plan.kernel_loop.fresh_samples);
  CHECK(plan.kernel_loop.start == (folder.path() / "runs/m.npy").string());
  CHECK(plan.kernel_loop.where.start.line == 6);
}

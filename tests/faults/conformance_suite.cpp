// SPDX-License-Identifier: MIT
//
// The conformance suite against plugins that break one rule each: it finds that rule and no other.
#include "../catch.hpp"
#include "../support.hpp"

#include "conformance/rules.hpp"
#include "conformance/suite.hpp"

#include <set>

using namespace onager;
using host::conformance::Finding;
using host::conformance::SuiteReport;

namespace {

SuiteReport try_plugin(const test::fs::path& file, const test::fs::path& save) {
  host::conformance::SuiteRequest request;
  request.file = file;
  request.save_folder = save;
  request.seconds = 120;  // also of a busy machine's clock
  if (file.stem() == "spins") request.seconds = 1;
  return host::conformance::run_suite(request);
}

test::fs::path nonconforming(const std::string& name) {
  return test::fs::path(ONAGER_BAD_PLUGIN_DIR) / "conformance" / (name + ".so");
}

std::string shown(const SuiteReport& report) {
  std::string out;
  for (const auto& f : report.findings)
    out += f.rule + " [" + f.component + "; " + f.parameters + "]: " + f.what + "\n";
  return out;
}

/// A plugin, the rule that it breaks, and what is said of it.
struct Broken {
  const char *plugin, *rule, *what;
};

const Broken broken[] = {
    {"../other_major", "plugin.loads", "ABI"},
    {"exports_more", "plugin.exports", "it exports 1 symbol more: a_function_of_mine"},
    {"brings_openmp", "plugin.libraries", "it is linked with libgomp.so.1"},
    {"brings_blas", "plugin.libraries", "it is linked with libopenblas"},
    {"entry_varies", "plugin.entry", "another pointer"},

    {"refuses_its_defaults", "component.creates", "width is never right"},
    {"says_nothing", "component.texts", "the doc of parameter 'width'"},
    {"knows_names_by_half", "component.interfaces",
     "the unknown name \"onager.kernel.radial/10\" with a table"},
    {"offers_nothing", "component.interfaces", "no interface that this Onager knows"},
    {"one_width_for_all", "component.instances",
     "evaluate of an instance gives other numbers while another, with other parameters, is called "
     "by"},
    {"first_width_for_all", "component.instances",
     "evaluate of an instance gives other numbers while another, with other parameters, is called "
     "by"},
    {"map_fits_all_at_once", "component.instances",
     "apply of an instance gives other numbers while another"},
    {"steps_share_a_rate", "component.instances",
     "step of an instance gives other numbers while another"},
    {"dataset_one_width_for_all", "component.instances",
     "fill of an instance gives other numbers while another"},
    {"takes_negative_widths", "component.ranges",
     "width = -0.74 gives the same numbers as width = 0.74, and width = -1.66 the same as width "
     "= "},
    {"leaks", "component.leaks", "times create and destroy left"},
    {"keeps_host_memory", "component.leaks", "100 bytes of host->allocate"},

    {"crashes", "calls.return", "ended by SIGSEGV (Segmentation fault): evaluate, in the check "},
    {"aborts", "calls.return", "ended by SIGABRT"},
    {"exits", "calls.return", "ended the process by exit(): evaluate"},
    {"throws", "calls.return", "evaluate let out an exception: out of paper"},
    {"jumps_away", "calls.return", "longjmp causes uninitialized stack frame"},
    {"does_not_expect_null", "calls.return", "create, in the check 'no memory'"},
    {"diagnostic_takes_arrays_for_granted", "calls.return", "observe, in the check"},
    {"spins", "calls.time", "not back after 1 s: evaluate"},
    {"unknown_status", "calls.status", "evaluate returned the status 12345"},
    {"fails_without_reason", "calls.reason", "evaluate returned the status 99 without a reason"},
    {"map_refuses_in_silence", "calls.reason", "output_dimension answered -1 for 3 features"},
    {"refuses_empty_runs", "calls.succeed", "there is nothing to do"},
    {"calls_no_memory_invalid", "calls.no_memory", "create answered the status 1"},

    {"writes_past_the_end", "memory.outputs", "wrote 0 bytes past the end of k (evaluate, in the "},
    {"writes_in_front", "memory.outputs", "wrote in front of k"},
    {"writes_to_input", "memory.inputs", "wrote to r2"},
    {"diagnostic_writes_to_the_run", "memory.inputs", "wrote to train.predictions"},
    {"reads_past_the_end", "memory.reads", "read 0 bytes past the end of r2"},
    {"leaves_the_last", "memory.complete", "left k[36, 0]"},
    {"adds_to_its_output", "memory.complete", "added to slope[0, 0] of slope (37 x 1, float64)"},
    {"wants_aligned_memory", "memory.alignment", "wants aligned memory"},
    {"frees_what_is_not_the_hosts", "memory.release", "did not give"},

    {"rounds_upward", "state.floating_point", "evaluate changed how the thread rounds"},
    {"starts_threads", "state.threads", "other threads computed"},
    {"sets_the_locale", "state.process", "changed the locale"},
    {"map_state_without_end", "state.described", "has the name 'scale' of another"},
    {"map_saves_too_little", "state.restored", "by a new instance with the state of another"},
    {"diagnostic_forgets", "state.restored", ""},
    {"steps_forget", "state.restored", ""},

    {"nan_at_zero", "values.finite", "evaluate gave k[0, 0] ="},
    {"takes_any_width", "values.finite", "the range in the table allows width = 0.0"},
    {"diagnostic_starts_anywhere", "values.deterministic", "two instances that observe"},
    {"changes_every_time", "values.deterministic", "the second time"},
    {"dataset_by_the_clock", "values.deterministic", "other samples in a new instance"},
    {"block_normalised_by_rows", "values.rows", "in a call with rows 0 to 0 alone"},
    {"block_without_strides", "values.strides", "with gaps between rows"},
    {"narrow_is_another", "values.precision", "in float32, in float64"},
    {"block_gives_up_at_nan", "values.not_finite", "of the input is nan"},
    {"shared_buffer", "values.reentrant", "when 4 threads called it at once"},

    {"offers_a_loss_as_kernel", "kernel.form", "none of onager.kernel.radial/1"},
    {"childless", "kernel.children", "gave 0 kernels"},
    {"slope_without_value", "kernel.outputs", "when k is NULL"},
    {"unsupported_when_empty", "kernel.derivative_offered", "for count 0"},
    {"wrong_slope", "kernel.derivative", "the slope is"},
    {"slope_right_at_one_width", "kernel.derivative", "the slope is"},
    {"block_moved_by_itself", "kernel.coincident", "as much as 0.25"},
    {"dot_not_symmetric", "kernel.symmetric", "k(x_0, z_0) is"},
    {"block_not_symmetric", "kernel.symmetric", "k(x_0, z_0) is"},
    {"not_definite", "kernel.positive_semidefinite", "has eigenvalues from -"},
    {"two_forms_differ", "kernel.forms_agree", "by its profile"},

    {"offers_no_map", "feature_map.form", "does not offer onager.feature_map/1"},
    {"map_dimension_grows", "feature_map.dimension", ""},
    {"map_wrong_pullback", "feature_map.pullback", "by its pullback the gradient [0, 0] is"},
    {"map_wrong_matrix", "feature_map.matrix", "x A + apply(0)"},

    {"offers_no_dataset", "dataset.form", "does not offer onager.dataset/1"},
    {"dataset_empty", "dataset.sizes", "0 training and 20 test samples"},
    {"dataset_goes_on", "dataset.pieces", "sample"},
    {"dataset_two_classes_at_once", "dataset.classes", "train sample 7 belongs to no one class"},
    {"dataset_tests_on_training", "dataset.splits", "20 of 20 test samples"},
    {"dataset_tests_further_on", "dataset.splits",
     "the test samples are made of the numbers of training samples, some further on"},
    {"dataset_draws_the_test", "dataset.draws",
     "sample i of draw 1 is number i + 0 of the test samples, for all i"},
    {"dataset_draws_one_further", "dataset.draws",
     "sample i of draw 1 is number i + 1 of the training samples, for all i"},
    {"dataset_begins_anew", "dataset.repeats", "all 40 training samples are the same"},
    {"dataset_group_outside", "dataset.annotations", "feature group 0"},

    {"solver_wrong_sign", "solver.solves", "for the identity"},
    {"solver_divides_by_zero", "solver.singular", "for a matrix of ones"},
    {"solver_hides_nan", "solver.not_finite", "that has a NaN"},
    {"solver_does_not_stop", "solver.cancelled", "solve answered 99"},
    {"solver_ignores_failures", "solver.failure", "answered ONAGER_OK"},
    {"solver_says_too_little", "solver.memory", "memory says 200 bytes"},

    {"offers_no_model", "model.form", "does not offer onager.model/1"},
    {"model_without_parameters", "model.prepares", "gives 0 parameters"},
    {"model_part_outside", "model.parts", "part 0"},
    {"model_wrong_vjp", "model.vjp", "w_out[0, 0] of vjp is"},
    {"model_cotangent_too_early", "model.cotangent", ""},
    {"model_wrong_jvp", "model.jvp", "<v, jvp(u, s)>"},
    {"model_wrong_second", "model.second", "<v, second(u, s)>"},
    {"model_wrong_hvp", "model.hvp", "of hvp(u, s)"},
    {"model_wrong_tangent_kernel", "model.tangent_kernel", "element [0, 0] of the block of x"},

    {"offers_no_loss", "loss.form", "does not offer onager.loss/1"},
    {"loss_value_of_gradient", "loss.value", "when a gradient is asked for too"},
    {"loss_wrong_gradient", "loss.derivatives", "gradient[0, 0] is"},
    {"loss_wrong_curvature", "loss.derivatives", "curvature[0, 0] is"},

    {"steps_below_zero", "optimizer.steps", "begin says -1 steps"},
    {"steps_go_up", "optimizer.descends", "took the loss above its least from"},
    {"steps_say_another_loss", "optimizer.reports", "step 0 says a loss of"},
    {"steps_ignore_failures", "optimizer.failure", "step answered ONAGER_OK"},
    {"steps_do_not_stop", "optimizer.cancelled", "step answered 99"},

    {"offers_no_diagnostic", "diagnostic.form", "does not offer onager.diagnostic/1"},
    {"diagnostic_wants_what_no_run_has", "diagnostic.observes",
     "not tried: it refuses a kernel machine in float64: there is no fact of my own; a network"},
    {"diagnostic_emits_nan", "values.finite",
     "observe emitted largest = -nan in round 1 of a kernel machine in float64"},
    {"diagnostic_fails_midway", "calls.succeed",
     "observe returned the status 5 in round 3 of a kernel machine in float64: this round is"},
    {"diagnostic_counts_for_all", "component.instances",
     "observe of an instance gives other numbers while another"},
    {"solver_shares_a_buffer", "values.reentrant",
     "solve gave other numbers when 4 threads called instances of their own"},
    {"diagnostic_shares_a_buffer", "values.reentrant",
     "observe gave other numbers when 4 threads called instances of their own"},
    {"steps_share_a_buffer", "values.reentrant",
     "step gave other numbers when 4 threads called instances of their own"},
    {"dataset_shares_a_buffer", "values.reentrant",
     "gave other numbers when 4 threads called instances of their own"},  // fill or draw
    {"parses_in_one_place", "values.reentrant",
     "evaluate gave other numbers when 4 threads called instances of their own"},
    {"diagnostic_is_silent", "diagnostic.emits", "nothing was emitted"},
};

void check_found(const test::fs::path& file, const Broken& expected) {
  const test::Scratch scratch;
  const auto report = try_plugin(file, scratch.path());
  CAPTURE(file, expected.rule, shown(report));
  CHECK(report.findings.size() == 1);
  if (report.findings.empty()) return;
  CHECK(report.findings[0].rule == expected.rule);
  CHECK_THAT(report.findings[0].what, ContainsSubstring(expected.what));
  for (const auto& input : report.findings[0].inputs) CHECK(test::fs::exists(input));
}

}  // namespace

TEST_CASE("the suite finds the rule that a plugin breaks, and no other") {
  for (const auto& one : broken) check_found(nonconforming(one.plugin), one);
}

#ifdef ONAGER_BAD_RUST_DIR
TEST_CASE("the suite finds the rule that a plugin in Rust breaks, and no other") {
  const Broken in_rust[] = {
      {"wrong_derivative", "kernel.derivative", "the slope is"},
      {"first_width_for_all", "component.instances",
       "evaluate of an instance gives other numbers while another"},
      {"panics_in_evaluate", "calls.succeed",
       "a panic: index out of bounds: the len is 1 but the index is 1"},
      {"panics_when_dropped", "calls.return", "ended by SIGABRT (Aborted): destroy"},
  };
  for (const auto& one : in_rust)
    check_found(test::fs::path(ONAGER_BAD_RUST_DIR) / fmt::format("{}_in_rust.so", one.plugin),
                one);
}
#endif

TEST_CASE("the suite finds nothing in plugins that keep the rules") {
  for (const char* plugin :
       {"keeps_the_rules", "block_keeps_the_rules", "map_keeps_the_rules",
        "dataset_keeps_the_rules", "solver_keeps_the_rules", "model_keeps_the_rules",
        "loss_keeps_the_rules", "steps_keep_the_rules", "diagnostic_keeps_the_rules"}) {
    const test::Scratch scratch;
    const auto report = try_plugin(nonconforming(plugin), scratch.path());
    CAPTURE(plugin, shown(report));
    CHECK(report.findings.empty());
    REQUIRE(report.components.size() == 1);
    CHECK(report.components[0].checks > 5);
    CHECK(report.components[0].left_out == 0);
    CHECK(test::fs::is_empty(scratch.path()));
  }
}

TEST_CASE(
    "the suite says of samples that share numbers what may be wrong, and breaks no rule by it") {
  for (const auto& [plugin, note] :
       {std::pair{"dataset_slides", "begins with the numbers of the one before from feature 1 on"},
        std::pair{"dataset_measures_twice", "40 of 40 training samples occur more than once"}}) {
    const test::Scratch scratch;
    const auto report = try_plugin(nonconforming(plugin), scratch.path());
    CAPTURE(plugin, shown(report));
    CHECK(report.findings.empty());
    REQUIRE(report.notes.size() == 1);
    CHECK_THAT(report.notes[0], ContainsSubstring(note));
  }
}

TEST_CASE("every rule of the suite is broken by a plugin of these tests") {
  std::set<std::string> seen;
  for (const auto& one : broken) seen.insert(one.rule);
  for (const auto& rule : host::conformance::rules()) {
    CAPTURE(rule.id);
    CHECK(seen.count(rule.id) == 1);
  }
}

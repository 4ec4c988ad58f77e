// SPDX-License-Identifier: MIT
#include "conformance/rules.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace onager::host::conformance {

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"plugin.loads", "The library loads, and its description is well formed.",
       "Do what the message says."},
      {"plugin.entry", "onager_plugin_entry returns the same pointer at every call.",
       "Return the address of one static description."},
      {"plugin.exports", "onager_plugin_entry is the only symbol that the library exports.",
       "Link with the SDK's plugin.map, as onager_add_plugin and `pkg-config --libs onager` do."},
      {"plugin.libraries", "The library brings no BLAS and no library of threads.",
       "Ask the host for \"onager.linalg/1\" and \"onager.parallel/1\" instead."},

      {"component.creates", "Instances can be created from parameters that the table allows.",
       "Widen what create() accepts, narrow the ranges of the table, or give the suite a file with "
       "parameters: --examples FILE."},
      {"component.texts", "The component and each of its parameters say in words what they are.",
       "Fill in summary and doc."},
      {"component.interfaces",
       "interface() gives the same whole table with and without an instance, and NULL for every "
       "other name.",
       "Compare the whole name, return a constant table with struct_size = sizeof the table, and "
       "leave no function out that may not be NULL."},
      {"component.instances", "An instance does not depend on what other instances do.",
       "Keep parameters and buffers in the instance that create() returns, not in static "
       "variables."},
      {"component.ranges", "A parameter whose sign changes nothing takes no negative numbers.",
       "Declare its range in the table: .at_least(0) or .above(0) in C++ and Rust."},
      {"component.leaks", "destroy() gives back all that an instance took.",
       "Release in destroy() what create() and the calls in between have taken."},

      {"calls.return", "A call returns: no crash, no abort, no exception and no exit.",
       "Turn failures into a status with a reason; catch every exception inside the call."},
      {"calls.time", "A call comes back.",
       "Look for a loop that does not end, or one that does not ask host->cancelled()."},
      {"calls.status", "A call that fails returns one of the values of onager_status.",
       "Return ONAGER_INTERNAL where no other fits."},
      {"calls.reason", "A call that fails gives its reason to host->set_error first.",
       "Call host->set_error with a sentence that helps the user."},
      {"calls.succeed", "A call with arguments that the ABI allows succeeds.",
       "Handle these arguments."},
      {"calls.no_memory", "Where host->allocate gives NULL, the call answers ONAGER_NO_MEMORY.",
       "Test what host->allocate returns."},

      {"memory.outputs", "A call writes to the elements of its outputs and nowhere else.",
       "Count with rows, cols and the strides of the array, or with the count of the run."},
      {"memory.inputs", "A call does not write to its inputs.", "Work on a copy."},
      {"memory.reads", "A call reads the elements of its inputs and nothing beyond them.",
       "Count with rows, cols and the strides of the array, or with the count of the run."},
      {"memory.complete", "A call that answers ONAGER_OK has written every element of its outputs.",
       "Write all of them, or return another status. Outputs come with any numbers in them: set "
       "before "
       "you add."},
      {"memory.alignment", "Arrays are aligned to their element and no more.",
       "Use unaligned loads and stores; do not promise alignment to the compiler."},
      {"memory.release", "host->release is given what host->allocate gave.",
       "Release memory with the function that belongs to the one it came from."},

      {"state.floating_point",
       "A call leaves rounding and the treatment of denormals as they were.",
       "Build without -ffast-math and -Ofast; restore what fesetround and the like changed."},
      {"state.threads", "A plugin starts no threads.",
       "Share work by \"onager.parallel/1\"; link no library that starts threads."},
      {"state.process", "A plugin leaves the process as it was: locale, signals, current folder.",
       "Change nothing that belongs to the whole process."},
      {"state.described",
       "\"onager.state/1\" describes its arrays by index and ends with "
       "ONAGER_NOT_FOUND.",
       "Give each array a name of its own, a type and a size."},
      {"state.restored", "A new instance with the state of another answers the same, bit for bit.",
       "Put all that was learned into the state, in float64, and use it after write()."},

      {"values.finite", "Finite inputs of moderate size give finite outputs.",
       "Look for 0/0, the root of a negative rounding error, and overflow at these inputs."},
      {"values.deterministic", "The same call gives the same bytes.",
       "Take random numbers from \"onager.random/1\" only, and depend on no clock, address or "
       "order "
       "of threads, nor on a variable that was not set."},
      {"values.rows", "What a row gives does not depend on the rows that come with it.",
       "Compute each row from itself and the state of the instance."},
      {"values.strides", "Arrays may have gaps between their rows.",
       "Step from row to row by row_stride."},
      {"values.precision", "float32 gives what float64 gives, to rounding.",
       "Compare the two versions; take sums and differences that cancel in double."},
      {"values.not_finite", "NaN or infinity in one row stays in the results of that row.",
       "Let it pass through, and take no decision about other rows from it."},
      {"values.reentrant", "Calls on several threads at once give what one gives.",
       "Use no static buffer, and in calls that are marked [any] none of the instance."},

      {"kernel.form", "A kernel offers one of the four forms: radial, dot, composite, block.",
       "Answer one of their names in interface()."},
      {"kernel.children", "A composite kernel lists the kernels that it combines.",
       "Keep the children of the configuration and give their list."},
      {"kernel.outputs", "Values and slopes are the same whichever of them are asked for.",
       "Test each output for NULL by itself."},
      {"kernel.derivative_offered",
       "A kernel without derivative answers ONAGER_UNSUPPORTED to slopes, also for count 0; others "
       "never do.",
       "Test for slopes that are not NULL before anything else."},
      {"kernel.derivative", "Slopes and gradients are the derivatives of the values.",
       "Radial kernels give dk/d(r²), which is dk/dr / (2 r); dot kernels give dk/ds and dk/da; a "
       "block gives the gradient by its first argument."},
      {"kernel.coincident", "A coincident pair counts 0 in the gradient of a block.",
       "Skip pairs whose samples are equal."},
      {"kernel.symmetric", "k(x, z) = k(z, x).",
       "Treat both arguments alike; a dot kernel is symmetric in a and b."},
      {"kernel.positive_semidefinite",
       "Kernel matrices have no eigenvalue below 0, beyond rounding.",
       "Check the formula and the range of its parameters: a function that is no kernel makes "
       "solvers fail."},
      {"kernel.forms_agree", "A kernel that offers several forms gives the same by each.",
       "Compare the formulas, or offer one form."},

      {"feature_map.form", "A feature map offers \"onager.feature_map/1\".",
       "Answer that name in interface()."},
      {"feature_map.dimension",
       "output_dimension gives the number of features, or -1 with a reason.",
       "Answer from the parameters and what fit() was given, the same at every call."},
      {"feature_map.pullback",
       "The pullback of a gradient g is J(x)' g for the map's derivative J.",
       "Row i of the result belongs to row i of x and g; check sign and transpose."},
      {"feature_map.matrix", "A linear map is x A + constant for the matrix A that it gives.",
       "A is d x e; d x 1 is a diagonal only where diagonal() says so."},

      {"dataset.form", "A dataset offers \"onager.dataset/1\".",
       "Answer that name in interface()."},
      {"dataset.sizes", "A dataset has training samples, features, outputs and a task.",
       "Fill in all fields of onager_dataset_info."},
      {"dataset.pieces", "Samples are the same whichever pieces they are asked for in.",
       "Draw sample i from offset i of a random stream, not from the next number."},
      {"dataset.classes", "In a task of classification every sample belongs to one class.",
       "Give the column of the class the largest number; one column alone is a sign."},
      {"dataset.splits", "Test samples are not training samples.",
       "Part one permutation of the samples, or draw the two splits from different streams."},
      {"dataset.draws",
       "Draw 0 is what fill gives, and other draws are other samples, none of them of the test.",
       "Give each draw a stream of its own, that no split has."},
      {"dataset.repeats", "Training samples are not all the same.",
       "Draw sample i from offset i of a random stream; do not begin anew for each."},
      {"dataset.annotations",
       "Names, groups and facts lie inside the bounds and have the form that the ABI gives them.",
       "End lists with NULL or ONAGER_NOT_FOUND; see onager_named_arrays for the facts."},

      {"solver.solves",
       "solve finds (K + ridge I)^-1 targets, for some ridge that is not negative, where K is well "
       "conditioned.",
       "Check what the operator's calls fill and the order of rows and columns."},
      {"solver.singular", "A singular matrix ends in a finite solution or in ONAGER_NUMERICAL.",
       "Test pivots and steps before dividing by them."},
      {"solver.not_finite", "A matrix that is not finite is no success with finite numbers.",
       "Return ONAGER_NUMERICAL when a number is not finite."},
      {"solver.cancelled", "When the operator answers ONAGER_CANCELLED, so does solve.",
       "Return the status of a call to the host that failed."},
      {"solver.failure", "When the operator fails, so does solve.",
       "Return the status of a call to the host that failed."},
      {"solver.memory", "solve takes no more memory than memory() says.",
       "Count the largest sum of what is held at one time."},

      {"model.form", "A model offers \"onager.model/1\".", "Answer that name in interface()."},
      {"model.prepares",
       "prepare takes the sizes of the data and says how many parameters there are.",
       "Answer at least 1, or ONAGER_INVALID with a reason for sizes that it cannot take."},
      {"model.parts", "Parts are matrices within the flat parameters.",
       "Give each a name, first >= 0 and first + rows * cols <= parameters."},
      {"model.vjp", "vjp gives f as forward does, and sum_i J_i' v_i and X_i' v_i.",
       "Look at the sign and the place of that element, and whether forward reads what it should."},
      {"model.cotangent", "vjp fills f, calls cotangent once, and reads v only then.",
       "Keep that order."},
      {"model.jvp", "jvp gives J u + X s, for the J and X of vjp.",
       "Compare with difference quotients of forward along (u, s)."},
      {"model.second", "second gives the second derivative of f along (u, s).",
       "Compare with difference quotients of jvp."},
      {"model.hvp", "hvp gives the derivative of vjp along (u, s), for fixed v.",
       "Compare with difference quotients of vjp."},
      {"model.tangent_kernel", "The tangent kernel is the inner products of the gradients by vjp.",
       "Mind the order of rows: element (i c + l, j c + k) is of outputs l and k."},

      {"loss.form", "A loss offers \"onager.loss/1\".", "Answer that name in interface()."},
      {"loss.value", "The value of a loss is the sum over its rows, with or without a gradient.",
       "Divide by the `samples` of the call, not by the rows given."},
      {"loss.derivatives", "Gradient and curvature are the derivatives of the value.",
       "Mind the loss's constant: it belongs to value, gradient and curvature alike."},

      {"optimizer.steps", "begin says how many steps there will be.", "Set *steps to 0 or more."},
      {"optimizer.descends", "Steps on an easy problem of least squares lower its loss.",
       "Check the sign of the step, and defaults of the learning rate."},
      {"optimizer.reports",
       "onager_step says which samples a step used, their loss before it, and "
       "the learning rate.",
       "Fill in all fields in every step."},
      {"optimizer.failure", "When the objective fails, so does step.",
       "Return the status of a call to the host that failed."},
      {"optimizer.cancelled", "When the objective answers ONAGER_CANCELLED, so does step.",
       "Return the status of a call to the host that failed."},

      {"diagnostic.form", "A diagnostic offers \"onager.diagnostic/1\".",
       "Answer that name in interface()."},
      {"diagnostic.observes",
       "A diagnostic observes a kernel machine or a network of the suite, which have all that the "
       "ABI names; one that does not was not tried.",
       "Make the names of facts, groups and parts that it asks for parameters, and give the suite "
       "names of its runs by --examples FILE: groups a, b and task; fact.egop, fact.support; the "
       "part w1."},
      {"diagnostic.emits", "A diagnostic that has all it asks for emits something.",
       "Call \"onager.emit/1\" in observe() or finish()."},
  };
  return all;
}

const Rule& rule_of(std::string_view id) {
  for (const auto& rule : rules())
    if (id == rule.id) return rule;
  throw std::logic_error(fmt::format("there is no rule '{}'", id));
}

}  // namespace onager::host::conformance

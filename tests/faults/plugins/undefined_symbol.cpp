// SPDX-License-Identifier: MIT
#include "valid.h"

namespace lab {
double undefined_function(int);
}

extern "C" SPOILED(parameters[0].real_default = lab::undefined_function(1))

# SPDX-License-Identifier: MIT
find_package(PkgConfig REQUIRED)
pkg_check_modules(matio IMPORTED_TARGET matio)
if(matio_FOUND)
  set(libraries PkgConfig::matio)
else()
  set(missing "libmatio-dev")
endif()

# SPDX-License-Identifier: MIT
find_package(PkgConfig REQUIRED)
pkg_check_modules(hdf5 IMPORTED_TARGET hdf5-serial)
if(hdf5_FOUND)
  set(libraries PkgConfig::hdf5)
else()
  set(missing "libhdf5-dev")
endif()

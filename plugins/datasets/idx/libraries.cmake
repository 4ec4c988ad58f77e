# SPDX-License-Identifier: MIT
find_package(ZLIB REQUIRED)
set(libraries ZLIB::ZLIB)

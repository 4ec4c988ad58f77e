# SPDX-License-Identifier: MIT
#
# What is installed beside the program, its plugins and the SDK (manual, completion, licence), and a
# Debian package of it all: `cpack --config build/CPackConfig.cmake`.
install(FILES ${PROJECT_SOURCE_DIR}/docs/onager.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# The scripts are what the program itself prints.
set(bash_script bash-completion/completions/onager)
set(zsh_script zsh/vendor-completions/_onager)
set(fish_script fish/vendor_completions.d/onager.fish)
foreach(shell bash zsh fish)
  set(script ${CMAKE_BINARY_DIR}/completion/${${shell}_script})
  get_filename_component(folder ${script} DIRECTORY)
  add_custom_command(OUTPUT ${script}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND onager completion ${shell} > ${script}
    DEPENDS onager VERBATIM)
  list(APPEND scripts ${script})
  get_filename_component(destination ${${shell}_script} DIRECTORY)
  install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/${destination})
endforeach()
add_custom_target(completion ALL DEPENDS ${scripts})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME onager)
set(CPACK_PACKAGE_VENDOR Onager)
set(CPACK_PACKAGE_CONTACT "The Onager authors <onager@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Numerical experiments from plugins")
set(CPACK_PACKAGE_DESCRIPTION
"Runs numerical experiments on kernel machines and networks that learn features.
A small host loads shared-library plugins (kernels, feature maps, datasets, models,
optimizers, diagnostics) through a C interface and assembles them into a pipeline
described in TOML. This package has the program, its plugins and the SDK.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR}/packages)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# To build plugins, also those that are packed for another machine.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake, g++, make, pkg-config")
include(CPack)

! SPDX-License-Identifier: MIT
!
! Onager plugins in Fortran (2008, iso_c_binding): the structs of onager/abi.h by the same names and
! with the meaning that the header gives them, and a few procedures that make a component of
! functions with bind(c).
!
! A sample is a column here: the arrays of the ABI are rows of samples, which lie in memory as the
! columns of a Fortran array do. So numbers_f64(a) is (features, samples).
!
! onager_add_plugin compiles this file together with the plugin's own.
module onager
  use, intrinsic :: iso_c_binding
  use, intrinsic :: ieee_arithmetic, only: ieee_value, ieee_negative_inf, ieee_positive_inf
  implicit none
  public

  integer(c_int32_t), parameter :: onager_ok = 0, onager_invalid = 1, onager_unsupported = 2, &
    onager_no_memory = 3, onager_io = 4, onager_numerical = 5, onager_cancelled = 6, &
    onager_not_found = 7, onager_internal = 99
  integer(c_int32_t), parameter :: onager_float32 = 1, onager_float64 = 2, onager_int64 = 3
  integer(c_int32_t), parameter :: onager_boolean = 1, onager_integer = 2, onager_real = 3, &
    onager_string = 4
  integer(c_int32_t), parameter :: onager_required = 1, onager_min_open = 2, onager_max_open = 4
  integer(c_int32_t), parameter :: onager_train = 0, onager_test = 1
  integer(c_int32_t), parameter :: onager_regression = 0, onager_classification = 1
  integer(c_int32_t), parameter :: onager_full = 0, onager_lower = 1

  character(*), parameter :: onager_random_name = 'onager.random/1', &
    onager_emit_name = 'onager.emit/1', onager_kernel_radial_name = 'onager.kernel.radial/1', &
    onager_feature_map_name = 'onager.feature_map/1', onager_dataset_name = 'onager.dataset/1', &
    onager_optimizer_linear_name = 'onager.optimizer.linear/1', &
    onager_diagnostic_name = 'onager.diagnostic/1', onager_model_name = 'onager.model/1', &
    onager_loss_name = 'onager.loss/1'

  type, bind(c) :: onager_array
    integer(c_int32_t) :: struct_size, dtype
    type(c_ptr) :: data
    integer(c_int64_t) :: rows, cols, row_stride, col_stride
  end type

  type, bind(c) :: onager_parameter
    integer(c_int32_t) :: struct_size, type, flags, choice_count
    type(c_ptr) :: name, doc, unit
    real(c_double) :: real_default, real_min, real_max
    integer(c_int64_t) :: integer_default, integer_min, integer_max
    type(c_ptr) :: text_default, choices, child_kind
  end type

  type, bind(c) :: onager_value
    integer(c_int32_t) :: struct_size, type
    type(c_ptr) :: name
    integer(c_int32_t) :: is_default, count
    integer(c_int64_t) :: integer
    real(c_double) :: real
    type(c_ptr) :: text, integers, reals, texts, children
  end type

  type, bind(c) :: onager_config
    integer(c_int32_t) :: struct_size, count, value_stride, reserved
    type(c_ptr) :: values
  end type

  type, bind(c) :: onager_host
    integer(c_int32_t) :: struct_size, abi_major, abi_minor, reserved
    type(c_ptr) :: name, version, context
    type(c_funptr) :: service, log, set_error, cancelled, progress, allocate, release
  end type

  type, bind(c) :: onager_random
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: bits, uniform, normal, permutation
  end type

  type, bind(c) :: onager_emit
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: scalar, scalar_at, array
  end type

  type, bind(c) :: onager_component
    integer(c_int32_t) :: struct_size, parameter_count, parameter_stride, reserved
    type(c_ptr) :: kind, id, summary, citation, parameters
    type(c_funptr) :: create, destroy, interface
  end type

  type, bind(c) :: onager_radial_kernel
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: evaluate_f64, evaluate_f32
  end type

  type, bind(c) :: onager_feature_map
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: fit, output_dimension, apply, pullback
  end type

  type, bind(c) :: onager_dataset_info
    integer(c_int32_t) :: struct_size, task
    integer(c_int64_t) :: train_samples, test_samples, features, outputs
  end type

  type, bind(c) :: onager_dataset
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: describe, fill, output_name, feature_group
  end type

  type, bind(c) :: onager_operator
    integer(c_int32_t) :: struct_size, dtype
    type(c_ptr) :: context
    integer(c_int64_t) :: size, memory
    type(c_funptr) :: diagonal, block, product, fill, part_product
  end type

  type, bind(c) :: onager_linear_solver
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: solve, memory
  end type

  type, bind(c) :: onager_view
    integer(c_int32_t) :: struct_size, reserved
    type(c_ptr) :: context
    integer(c_int64_t) :: round
    type(c_funptr) :: array, group_count, group
    type(c_ptr) :: network
  end type

  type, bind(c) :: onager_diagnostic
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: observe, finish
  end type

  type, bind(c) :: onager_model
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: prepare, initialise, forward, vjp, part
  end type

  type, bind(c) :: onager_loss
    integer(c_int32_t) :: struct_size, reserved
    type(c_funptr) :: evaluate, curvature
  end type

  type, bind(c) :: onager_plugin
    integer(c_int32_t) :: struct_size, abi_major, abi_minor, abi_minor_needed
    integer(c_int64_t) :: magic
    type(c_ptr) :: id, version, vendor, licence, url, build
    integer(c_int32_t) :: component_count, reserved
    type(c_ptr) :: components
  end type

  ! 'ONAGERP1' read as a little-endian integer
  integer(c_int64_t), parameter :: onager_magic = int(z'3150524547414E4F', c_int64_t)

  abstract interface
    subroutine set_error_call(host, message) bind(c)
      import :: c_ptr
      type(c_ptr), value :: host, message
    end subroutine
    function service_call(host, id) bind(c) result(table)
      import :: c_ptr
      type(c_ptr), value :: host, id
      type(c_ptr) :: table
    end function
    subroutine random_call(host, stream, offset, count, out) bind(c)
      import :: c_ptr, c_int64_t
      type(c_ptr), value :: host, out
      integer(c_int64_t), value :: stream, offset, count
    end subroutine
    function emit_scalar_call(host, name, value) bind(c) result(status)
      import :: c_ptr, c_double, c_int32_t
      type(c_ptr), value :: host, name
      real(c_double), value :: value
      integer(c_int32_t) :: status
    end function
    function product_call(operator, v, out) bind(c) result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: operator, v, out
      integer(c_int32_t) :: status
    end function
    function view_array_call(view, name, out) bind(c) result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: view, name, out
      integer(c_int32_t) :: status
    end function
    function cotangent_call(argument) bind(c) result(status)
      import :: c_ptr, c_int32_t
      type(c_ptr), value :: argument
      integer(c_int32_t) :: status
    end function
  end interface

contains

  ! ---- texts

  ! A text that ends in a zero byte and lives to the end, as descriptions must.
  function c_text(text) result(at)
    character(*), intent(in) :: text
    type(c_ptr) :: at
    character(c_char), pointer :: letters(:)
    integer :: i
    allocate (letters(len(text) + 1))
    do i = 1, len(text)
      letters(i) = text(i:i)
    end do
    letters(len(text) + 1) = c_null_char
    at = c_loc(letters)
  end function

  ! Whether a C string is that text.
  logical function same_text(at, text)
    type(c_ptr), intent(in) :: at
    character(*), intent(in) :: text
    character(c_char), pointer :: letters(:)
    integer :: i
    call c_f_pointer(at, letters, [len(text) + 1])
    same_text = .false.
    do i = 1, len(text)
      if (letters(i) /= text(i:i)) return
    end do
    same_text = letters(len(text) + 1) == c_null_char
  end function

  ! ---- arrays

  ! The numbers of an array as (features, samples), one column a row of the ABI's array.
  function numbers_f64(a) result(numbers)
    type(onager_array), intent(in) :: a
    real(c_double), pointer :: numbers(:, :), whole(:, :)
    call c_f_pointer(a%data, whole, [a%row_stride, a%rows])
    numbers => whole(1:a%cols, :)
  end function

  function numbers_f32(a) result(numbers)
    type(onager_array), intent(in) :: a
    real(c_float), pointer :: numbers(:, :), whole(:, :)
    call c_f_pointer(a%data, whole, [a%row_stride, a%rows])
    numbers => whole(1:a%cols, :)
  end function

  ! A copy in double precision, whatever the type.
  function copy_of(a) result(numbers)
    type(onager_array), intent(in) :: a
    real(c_double), allocatable :: numbers(:, :)
    real(c_double), pointer :: wide(:, :)
    real(c_float), pointer :: narrow(:, :)
    if (a%dtype == onager_float32) then
      narrow => numbers_f32(a)
      numbers = real(narrow, c_double)
    else
      wide => numbers_f64(a)
      numbers = wide
    end if
  end function

  ! Writes numbers into an array of either precision.
  subroutine write_to(a, numbers)
    type(onager_array), intent(in) :: a
    real(c_double), intent(in) :: numbers(:, :)
    real(c_double), pointer :: wide(:, :)
    real(c_float), pointer :: narrow(:, :)
    if (a%dtype == onager_float32) then
      narrow => numbers_f32(a)
      narrow = real(numbers, c_float)
    else
      wide => numbers_f64(a)
      wide = numbers
    end if
  end subroutine

  ! ---- parameters

  function parameter_row(type, name, doc) result(row)
    integer(c_int32_t), intent(in) :: type
    character(*), intent(in) :: name, doc
    type(onager_parameter) :: row
    row%struct_size = int(c_sizeof(row), c_int32_t)
    row%type = type
    row%flags = 0
    row%choice_count = 0
    row%name = c_text(name)
    row%doc = c_text(doc)
    row%unit = c_text('')
    row%real_default = 0
    row%real_min = ieee_value(row%real_min, ieee_negative_inf)
    row%real_max = ieee_value(row%real_max, ieee_positive_inf)
    row%integer_default = 0
    row%integer_min = -huge(1_c_int64_t) - 1
    row%integer_max = huge(1_c_int64_t)
    row%text_default = c_text('')
    row%choices = c_null_ptr
    row%child_kind = c_text('')
  end function

  ! A real number; `above` is a limit that is itself outside.
  function real_parameter(name, default, doc, above, at_least) result(row)
    character(*), intent(in) :: name, doc
    real(c_double), intent(in) :: default
    real(c_double), intent(in), optional :: above, at_least
    type(onager_parameter) :: row
    row = parameter_row(onager_real, name, doc)
    row%real_default = default
    if (present(at_least)) row%real_min = at_least
    if (present(above)) then
      row%real_min = above
      row%flags = onager_min_open
    end if
  end function

  function integer_parameter(name, default, doc, at_least) result(row)
    character(*), intent(in) :: name, doc
    integer(c_int64_t), intent(in) :: default
    integer(c_int64_t), intent(in), optional :: at_least
    type(onager_parameter) :: row
    row = parameter_row(onager_integer, name, doc)
    row%integer_default = default
    if (present(at_least)) row%integer_min = at_least
  end function

  ! A value of the configuration by its name, which is in the component's table.
  function value_of(config, name) result(value)
    type(onager_config), intent(in) :: config
    character(*), intent(in) :: name
    type(onager_value), pointer :: value
    integer(c_int8_t), pointer :: bytes(:)
    integer(c_int32_t) :: i
    call c_f_pointer(config%values, bytes, [config%count * config%value_stride])
    do i = 0, config%count - 1
      call c_f_pointer(c_loc(bytes(i * config%value_stride + 1)), value)
      if (same_text(value%name, name)) return
    end do
    nullify (value)
  end function

  real(c_double) function real_value(config, name)
    type(onager_config), intent(in) :: config
    character(*), intent(in) :: name
    type(onager_value), pointer :: value
    value => value_of(config, name)
    real_value = value%real
  end function

  integer(c_int64_t) function integer_value(config, name)
    type(onager_config), intent(in) :: config
    character(*), intent(in) :: name
    type(onager_value), pointer :: value
    value => value_of(config, name)
    integer_value = value%integer
  end function

  ! ---- host

  ! Gives the reason for a status and returns it: `status = failure(host, onager_invalid, '..')`.
  integer(c_int32_t) function failure(host, status, reason)
    type(c_ptr), intent(in) :: host
    integer(c_int32_t), intent(in) :: status
    character(*), intent(in) :: reason
    type(onager_host), pointer :: table
    procedure(set_error_call), pointer :: set_error
    character(c_char), target :: letters(len(reason) + 1)
    integer :: i
    do i = 1, len(reason)
      letters(i) = reason(i:i)
    end do
    letters(len(reason) + 1) = c_null_char
    call c_f_pointer(host, table)
    call c_f_procpointer(table%set_error, set_error)
    call set_error(host, c_loc(letters))
    failure = status
  end function

  ! The table of a service by its name; c_null_ptr when the host has none.
  function service(host, name) result(at)
    type(c_ptr), intent(in) :: host
    character(*), intent(in) :: name
    type(c_ptr) :: at
    type(onager_host), pointer :: table
    procedure(service_call), pointer :: get
    character(c_char), target :: letters(len(name) + 1)
    integer :: i
    do i = 1, len(name)
      letters(i) = name(i:i)
    end do
    letters(len(name) + 1) = c_null_char
    call c_f_pointer(host, table)
    call c_f_procpointer(table%service, get)
    at = get(host, c_loc(letters))
  end function

  ! Standard normal numbers: a function of the run's seed, the component's place, stream and offset.
  subroutine normal_numbers(host, stream, offset, out)
    type(c_ptr), intent(in) :: host
    integer(c_int64_t), intent(in) :: stream, offset
    real(c_double), intent(out), target, contiguous :: out(:)
    type(onager_random), pointer :: random
    procedure(random_call), pointer :: normal
    call c_f_pointer(service(host, onager_random_name), random)
    call c_f_procpointer(random%normal, normal)
    call normal(host, stream, offset, size(out, kind=c_int64_t), c_loc(out))
  end subroutine

  ! A number of this round: a column of metrics.csv.
  integer(c_int32_t) function emit_scalar(host, name, value)
    type(c_ptr), intent(in) :: host
    character(*), intent(in) :: name
    real(c_double), intent(in) :: value
    type(onager_emit), pointer :: emit
    procedure(emit_scalar_call), pointer :: scalar
    character(c_char), target :: letters(len(name) + 1)
    integer :: i
    do i = 1, len(name)
      letters(i) = name(i:i)
    end do
    letters(len(name) + 1) = c_null_char
    call c_f_pointer(service(host, onager_emit_name), emit)
    call c_f_procpointer(emit%scalar, scalar)
    emit_scalar = scalar(host, c_loc(letters), value)
  end function

  ! ---- components

  ! A component that lives to the end.
  function component(kind, id, summary, citation, parameters, create, destroy, interface) &
    result(at)
    character(*), intent(in) :: kind, id, summary, citation
    type(onager_parameter), intent(in) :: parameters(:)
    ! by value: by reference gfortran makes constants of them that the loader would have to change
    type(c_funptr), value :: create, destroy, interface
    type(c_ptr) :: at
    type(onager_component), pointer :: made
    type(onager_parameter), pointer :: table(:)
    allocate (made)
    allocate (table(size(parameters)))
    table = parameters
    made%struct_size = int(c_sizeof(made), c_int32_t)
    made%parameter_count = size(parameters)
    made%parameter_stride = int(c_sizeof(table(1)), c_int32_t)
    made%reserved = 0
    made%kind = c_text(kind)
    made%id = c_text(id)
    made%summary = c_text(summary)
    made%citation = c_text(citation)
    made%parameters = c_loc(table)
    made%create = create
    made%destroy = destroy
    made%interface = interface
    at = c_loc(made)
  end function

  ! The description that onager_plugin_entry returns, once made.
  function description(id, version, licence, components) result(at)
    character(*), intent(in) :: id, version, licence
    type(c_ptr), intent(in) :: components(:)
    type(c_ptr) :: at
    type(onager_plugin), pointer :: made
    type(c_ptr), pointer :: list(:)
    allocate (made)
    allocate (list(size(components)))
    list = components
    made%struct_size = int(c_sizeof(made), c_int32_t)
    made%abi_major = 1
    made%abi_minor = 0
    made%abi_minor_needed = 0
    made%magic = onager_magic
    made%id = c_text(id)
    made%version = c_text(version)
    made%vendor = c_text('')
    made%licence = c_text(licence)
    made%url = c_text('')
    made%build = c_text('Fortran')
    made%component_count = size(components)
    made%reserved = 0
    made%components = c_loc(list)
    at = c_loc(made)
  end function

end module onager

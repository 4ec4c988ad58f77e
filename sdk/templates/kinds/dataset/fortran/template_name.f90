! y = sin(x_1) + .. + sin(x_d) + noise for standard normal x. A sample's numbers are those at its own
! place of the host's random stream, so that they do not depend on which samples are asked for.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    type(c_ptr) :: host
    integer(c_int64_t) :: dimension, train_samples, test_samples
    real(c_double) :: noise
  end type

  type(onager_dataset), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  function describe(instance, out) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_dataset_info), intent(inout) :: out
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    out%task = onager_regression
    out%train_samples = self%train_samples
    out%test_samples = self%test_samples
    out%features = self%dimension
    out%outputs = 1
    status = onager_ok
  end function

  function fill(instance, split, first, x, y) bind(c) result(status)
    type(c_ptr), value :: instance
    integer(c_int32_t), value :: split
    integer(c_int64_t), value :: first
    type(onager_array), intent(in) :: x, y
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    real(c_double), allocatable :: samples(:, :), targets(:, :), drawn(:)
    integer(c_int64_t) :: i, d
    call c_f_pointer(instance, self)
    d = self%dimension
    allocate (samples(d, x%rows), targets(1, x%rows), drawn(d + 1)) ! of a sample: x and the noise
    do i = 1, x%rows
      call normal_numbers(self%host, int(split, c_int64_t), (first + i - 1) * (d + 1), drawn)
      samples(:, i) = drawn(1:d)
      targets(1, i) = sum(sin(drawn(1:d))) + self%noise * drawn(d + 1)
    end do
    call write_to(x, samples)
    call write_to(y, targets)
    status = onager_ok
  end function


  ! ---- component and plugin

  function create(host, config, instance) bind(c) result(status)
    type(c_ptr), value :: host
    type(onager_config), intent(in) :: config
    type(c_ptr), intent(out) :: instance
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    allocate (self)
    self%host = host
    self%dimension = integer_value(config, 'dimension')
    self%train_samples = integer_value(config, 'train_samples')
    self%test_samples = integer_value(config, 'test_samples')
    self%noise = real_value(config, 'noise')
    instance = c_loc(self)
    status = onager_ok
  end function

  subroutine destroy(instance) bind(c)
    type(c_ptr), value :: instance
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    deallocate (self)
  end subroutine

  function interface_of(instance, id) bind(c) result(at)
    type(c_ptr), value :: instance, id
    type(c_ptr) :: at
    at = c_null_ptr
    if (same_text(id, onager_dataset_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%describe = c_funloc(describe)
      table%fill = c_funloc(fill)
      table%output_name = c_null_funptr
      table%feature_group = c_null_funptr
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'dataset', 'template_name', 'A sum of sines of normal features, with noise', &
        '', &
        [integer_parameter('dimension', 4_c_int64_t, 'Features of a sample', at_least=1_c_int64_t), &
         integer_parameter('train_samples', 200_c_int64_t, 'Training samples', at_least=1_c_int64_t), &
         integer_parameter('test_samples', 100_c_int64_t, 'Test samples', at_least=0_c_int64_t), &
         real_parameter('noise', 0.1_c_double, 'Standard deviation of the noise', &
                        at_least=0.0_c_double)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

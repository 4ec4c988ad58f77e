! Huber's loss of a difference r = f - y: r²/2 within the threshold, and a line of that slope beyond,
! divided by the number of samples.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    real(c_double) :: threshold
  end type

  type(onager_loss), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  ! gradient may be NULL
  function evaluate(instance, samples, f, y, value, gradient) bind(c) result(status)
    type(c_ptr), value :: instance, gradient
    integer(c_int64_t), value :: samples
    type(onager_array), intent(in) :: f, y
    real(c_double), intent(out) :: value
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    type(onager_array), pointer :: out
    real(c_double), allocatable :: r(:, :), slope(:, :)
    call c_f_pointer(instance, self)
    r = copy_of(f) - copy_of(y)
    slope = max(-self%threshold, min(self%threshold, r))
    value = sum(slope * (r - slope / 2)) / samples
    if (c_associated(gradient)) then
      call c_f_pointer(gradient, out)
      call write_to(out, slope / samples)
    end if
    status = onager_ok
  end function

  function curvature(instance, samples, f, y, t, out) bind(c) result(status)
    type(c_ptr), value :: instance
    integer(c_int64_t), value :: samples
    type(onager_array), intent(in) :: f, y, t, out
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    call write_to(out, merge(copy_of(t) / samples, 0.0_c_double, &
                             abs(copy_of(f) - copy_of(y)) <= self%threshold))
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
    self%threshold = real_value(config, 'threshold')
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
    if (same_text(id, onager_loss_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%evaluate = c_funloc(evaluate)
      table%curvature = c_funloc(curvature)
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'loss', 'template_name', 'Huber''s loss, the mean over the samples', &
        'Huber, Robust estimation of a location parameter, 1964', &
        [real_parameter('threshold', 1.0_c_double, 'Where the loss turns from r²/2 into a line', &
                        above=0.0_c_double)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

! phi_j(x) = tanh(x_j / scale): features that no outlier carries away.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    real(c_double) :: scale
  end type

  type(onager_feature_map), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  function output_dimension(instance, d) bind(c) result(e)
    type(c_ptr), value :: instance
    integer(c_int64_t), value :: d
    integer(c_int64_t) :: e
    e = d
  end function

  function apply_map(instance, x, out) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_array), intent(in) :: x, out
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    call write_to(out, tanh(copy_of(x) / self%scale))
    status = onager_ok
  end function

  ! column i of out: the gradient by phi(x_i), carried back to x_i
  function pullback(instance, x, g, out) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_array), intent(in) :: x, g, out
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    call write_to(out, copy_of(g) * (1 - tanh(copy_of(x) / self%scale)**2) / self%scale)
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
    self%scale = real_value(config, 'scale')
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
    if (same_text(id, onager_feature_map_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%fit = c_null_funptr
      table%output_dimension = c_funloc(output_dimension)
      table%apply = c_funloc(apply_map)
      table%pullback = c_funloc(pullback)
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'feature_map', 'template_name', 'Each feature by itself: tanh(x / scale)', &
        '', &
        [real_parameter('scale', 1.0_c_double, 'Where a feature begins to saturate', above=0.0_c_double)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

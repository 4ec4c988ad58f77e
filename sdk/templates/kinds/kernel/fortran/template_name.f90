! k(x, z) = 1 / (1 + r²/bandwidth²) with r = |x - z|. The host calls this with runs of r², in both
! precisions, and makes matrices, gradients and feature learning of it. k and slope, the derivative by
! r², may be NULL.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    real(c_double) :: rate ! 1 / bandwidth²
  end type

  type(onager_radial_kernel), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  function evaluate_f64(instance, n, r2, k, slope) bind(c) result(status)
    type(c_ptr), value :: instance, k, slope
    integer(c_int64_t), value :: n
    real(c_double), intent(in) :: r2(n)
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    real(c_double), pointer, contiguous :: values(:), slopes(:)
    real(c_double) :: rate
    call c_f_pointer(instance, self)
    rate = real(self%rate, c_double)
    if (c_associated(k)) call c_f_pointer(k, values, [n])
    if (c_associated(slope)) call c_f_pointer(slope, slopes, [n])
    if (c_associated(k) .and. c_associated(slope)) then
      call both_f64(n, rate, r2, values, slopes)
    else if (c_associated(k)) then
      values = 1 / (1 + rate * r2)
    else if (c_associated(slope)) then
      slopes = -rate * (1 / (1 + rate * r2))**2
    end if
    status = onager_ok
  end function

  subroutine both_f64(n, rate, r2, k, slope)
    integer(c_int64_t), intent(in) :: n
    real(c_double), intent(in) :: rate, r2(n)
    real(c_double), intent(out) :: k(n), slope(n)
    integer(c_int64_t) :: i
    do i = 1, n
      k(i) = 1 / (1 + rate * r2(i))
      slope(i) = -rate * k(i)**2
    end do
  end subroutine

  function evaluate_f32(instance, n, r2, k, slope) bind(c) result(status)
    type(c_ptr), value :: instance, k, slope
    integer(c_int64_t), value :: n
    real(c_float), intent(in) :: r2(n)
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    real(c_float), pointer, contiguous :: values(:), slopes(:)
    real(c_float) :: rate
    call c_f_pointer(instance, self)
    rate = real(self%rate, c_float)
    if (c_associated(k)) call c_f_pointer(k, values, [n])
    if (c_associated(slope)) call c_f_pointer(slope, slopes, [n])
    if (c_associated(k) .and. c_associated(slope)) then
      call both_f32(n, rate, r2, values, slopes)
    else if (c_associated(k)) then
      values = 1 / (1 + rate * r2)
    else if (c_associated(slope)) then
      slopes = -rate * (1 / (1 + rate * r2))**2
    end if
    status = onager_ok
  end function

  subroutine both_f32(n, rate, r2, k, slope)
    integer(c_int64_t), intent(in) :: n
    real(c_float), intent(in) :: rate, r2(n)
    real(c_float), intent(out) :: k(n), slope(n)
    integer(c_int64_t) :: i
    do i = 1, n
      k(i) = 1 / (1 + rate * r2(i))
      slope(i) = -rate * k(i)**2
    end do
  end subroutine

  ! ---- component and plugin

  function create(host, config, instance) bind(c) result(status)
    type(c_ptr), value :: host
    type(onager_config), intent(in) :: config
    type(c_ptr), intent(out) :: instance
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    allocate (self)
    self%rate = 1 / real_value(config, 'bandwidth')**2
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
    if (same_text(id, onager_kernel_radial_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%evaluate_f64 = c_funloc(evaluate_f64)
      table%evaluate_f32 = c_funloc(evaluate_f32)
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'kernel', 'template_name', 'Kernel 1 / (1 + r²/bandwidth²) of the distance r', &
        '', &
        [real_parameter('bandwidth', 1.0_c_double, 'Distance at which k is 1/2', above=0.0_c_double)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

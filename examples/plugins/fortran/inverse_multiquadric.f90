! SPDX-License-Identifier: MIT
! The inverse multiquadric as a plugin; its values and derivatives are in loops.F90. gfortran has no
! function that says what the CPU has, so that one is in C.
module inverse_multiquadric
  use onager
  use loops_any, only: any_f64 => evaluate_f64, any_f32 => evaluate_f32
  use loops_avx2, only: avx2_f64 => evaluate_f64, avx2_f32 => evaluate_f32
  implicit none
  private

  interface
    function cpu_has_avx2() bind(c) result(has)
      import c_int
      integer(c_int) :: has
    end function
  end interface

  type(onager_radial_kernel), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  function create(host, config, instance) bind(c) result(status)
    type(c_ptr), value :: host
    type(onager_config), intent(in) :: config
    type(c_ptr), intent(out) :: instance
    integer(c_int32_t) :: status
    real(c_double), pointer :: self ! 1 / bandwidth²
    allocate (self)
    self = 1 / real_value(config, 'bandwidth')**2
    instance = c_loc(self)
    status = onager_ok
  end function

  subroutine destroy(instance) bind(c)
    type(c_ptr), value :: instance
    real(c_double), pointer :: self ! 1 / bandwidth²
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
      if (cpu_has_avx2() /= 0) then
        table%evaluate_f64 = c_funloc(avx2_f64)
        table%evaluate_f32 = c_funloc(avx2_f32)
      else
        table%evaluate_f64 = c_funloc(any_f64)
        table%evaluate_f32 = c_funloc(any_f32)
      end if
      plugin = description('org.example.inverse_multiquadric.fortran', '1.0.0', 'MIT', [component( &
        'kernel', 'inverse_multiquadric', 'Inverse multiquadric kernel (1 + r²/bandwidth²)^(-1/2)', &
        'Micchelli, Interpolation of scattered data, 1986', &
        [real_parameter('bandwidth', 1.0_c_double, 'Length scale of the distance r', above=0.0_c_double)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module inverse_multiquadric

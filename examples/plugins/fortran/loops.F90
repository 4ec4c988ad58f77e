! SPDX-License-Identifier: MIT
! k(x, z) = (1 + r²/bandwidth²)^(-1/2) with r = |x - z|, and its derivative by r². The host calls this
! with runs of r², in both precisions, and makes matrices, gradients and feature learning of it; k or
! slope may be NULL. CMake compiles this file as the module loops_any for every CPU, and as loops_avx2
! for those with AVX2.
#ifdef AVX2
module loops_avx2
#else
module loops_any
#endif
  use iso_c_binding
  implicit none
  private
  public :: evaluate_f64, evaluate_f32

contains

  function evaluate_f64(instance, n, r2, k, slope) bind(c, name='') result(status)
    type(c_ptr), value :: instance, k, slope
    integer(c_int64_t), value :: n
    real(c_double), intent(in) :: r2(n)
    integer(c_int32_t) :: status
    real(c_double), pointer :: self ! 1 / bandwidth²
    real(c_double), pointer, contiguous :: values(:), slopes(:)
    real(c_double) :: rate
    call c_f_pointer(instance, self)
    rate = self
    if (c_associated(k)) call c_f_pointer(k, values, [n])
    if (c_associated(slope)) call c_f_pointer(slope, slopes, [n])
    if (c_associated(k) .and. c_associated(slope)) then
      call both_f64(n, rate, r2, values, slopes)
    else if (c_associated(k)) then
      values = 1 / sqrt(1 + rate * r2)
    else if (c_associated(slope)) then
      slopes = -rate / 2 * (1 / sqrt(1 + rate * r2))**3
    end if
    status = 0 ! ONAGER_OK
  end function

  subroutine both_f64(n, rate, r2, k, slope)
    integer(c_int64_t), intent(in) :: n
    real(c_double), intent(in) :: rate, r2(n)
    real(c_double), intent(out) :: k(n), slope(n)
    integer(c_int64_t) :: i
    do i = 1, n
      k(i) = 1 / sqrt(1 + rate * r2(i))
      slope(i) = -rate / 2 * k(i)**3
    end do
  end subroutine

  function evaluate_f32(instance, n, r2, k, slope) bind(c, name='') result(status)
    type(c_ptr), value :: instance, k, slope
    integer(c_int64_t), value :: n
    real(c_float), intent(in) :: r2(n)
    integer(c_int32_t) :: status
    real(c_double), pointer :: self ! 1 / bandwidth²
    real(c_float), pointer, contiguous :: values(:), slopes(:)
    real(c_float) :: rate
    call c_f_pointer(instance, self)
    rate = real(self, c_float)
    if (c_associated(k)) call c_f_pointer(k, values, [n])
    if (c_associated(slope)) call c_f_pointer(slope, slopes, [n])
    if (c_associated(k) .and. c_associated(slope)) then
      call both_f32(n, rate, r2, values, slopes)
    else if (c_associated(k)) then
      values = 1 / sqrt(1 + rate * r2)
    else if (c_associated(slope)) then
      slopes = -rate / 2 * (1 / sqrt(1 + rate * r2))**3
    end if
    status = 0 ! ONAGER_OK
  end function

  subroutine both_f32(n, rate, r2, k, slope)
    integer(c_int64_t), intent(in) :: n
    real(c_float), intent(in) :: rate, r2(n)
    real(c_float), intent(out) :: k(n), slope(n)
    integer(c_int64_t) :: i
    do i = 1, n
      k(i) = 1 / sqrt(1 + rate * r2(i))
      slope(i) = -rate / 2 * k(i)**3
    end do
  end subroutine

end module

! Conjugate gradients for (K + ridge I) a = y, one target after the other. The host owns K: it is
! asked for products with vectors, which it computes on all threads, also where K does not fit into
! memory.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    type(c_ptr) :: host
    real(c_double) :: ridge, tolerance
    integer(c_int64_t) :: steps
  end type

  type(onager_linear_solver), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  ! out <- (K + ridge I) v, with the operator called in its own precision
  function regularised(self, kernel, v, out) result(status)
    type(instance_type), intent(in) :: self
    type(onager_operator), intent(in), target :: kernel
    real(c_double), intent(in), target :: v(:)
    real(c_double), intent(out), target :: out(:)
    integer(c_int32_t) :: status
    procedure(product_call), pointer :: product
    type(onager_array), target :: from, to
    real(c_float), allocatable, target :: narrow_v(:), narrow_out(:)
    integer(c_int64_t) :: n
    n = kernel%size
    from = onager_array(int(c_sizeof(from), c_int32_t), kernel%dtype, c_null_ptr, n, 1, 1, 1)
    to = from
    call c_f_procpointer(kernel%product, product)
    if (kernel%dtype == onager_float32) then
      narrow_v = real(v, c_float)
      allocate (narrow_out(n))
      from%data = c_loc(narrow_v)
      to%data = c_loc(narrow_out)
    else
      from%data = c_loc(v)
      to%data = c_loc(out)
    end if
    status = product(c_loc(kernel), c_loc(from), c_loc(to))
    if (status /= onager_ok) return ! the host has said why
    if (kernel%dtype == onager_float32) out = real(narrow_out, c_double)
    out = out + self%ridge * v
  end function

  function solve_one(self, kernel, y, a) result(status)
    type(instance_type), intent(in) :: self
    type(onager_operator), intent(in) :: kernel
    real(c_double), intent(in) :: y(:)
    real(c_double), intent(out) :: a(:)
    integer(c_int32_t) :: status
    real(c_double), allocatable :: residual(:), direction(:), image(:)
    real(c_double) :: first, now, next, curvature
    integer(c_int64_t) :: step
    residual = y
    direction = y
    allocate (image, mold=y)
    a = 0
    status = onager_ok
    first = sum(y**2)
    now = first
    do step = 1, self%steps
      if (now <= self%tolerance**2 * first) exit
      status = regularised(self, kernel, direction, image)
      if (status /= onager_ok) return
      curvature = sum(direction * image)
      if (.not. abs(curvature) <= huge(curvature)) then
        status = failure(self%host, onager_numerical, 'the kernel matrix is not finite')
        return
      end if
      if (curvature <= 0) exit ! nothing left that the matrix sees
      a = a + now / curvature * direction
      residual = residual - now / curvature * image
      next = sum(residual**2)
      direction = residual + next / now * direction
      now = next
    end do
  end function

  function solve(instance, kernel, targets, solution) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_operator), intent(in) :: kernel
    type(onager_array), intent(in) :: targets, solution
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    real(c_double), allocatable :: y(:, :), a(:, :)
    integer :: column
    call c_f_pointer(instance, self)
    y = copy_of(targets) ! a target is a row: (targets, samples)
    allocate (a, mold=y)
    status = onager_ok
    do column = 1, size(y, 1)
      status = solve_one(self, kernel, y(column, :), a(column, :))
      if (status /= onager_ok) return
    end do
    call write_to(solution, a)
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
    self%ridge = real_value(config, 'ridge')
    self%tolerance = real_value(config, 'tolerance')
    self%steps = integer_value(config, 'steps')
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
    if (same_text(id, onager_optimizer_linear_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%solve = c_funloc(solve)
      table%memory = c_null_funptr
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'optimizer', 'template_name', 'Conjugate gradients for the regularised kernel system', &
        'Hestenes, Stiefel, Methods of conjugate gradients, 1952', &
        [real_parameter('ridge', 1.0e-3_c_double, 'Added to the diagonal of K', at_least=0.0_c_double), &
         real_parameter('tolerance', 1.0e-6_c_double, &
                        'Residual to stop at, relative to the targets', above=0.0_c_double), &
         integer_parameter('steps', 1000_c_int64_t, 'Steps at most', at_least=1_c_int64_t)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

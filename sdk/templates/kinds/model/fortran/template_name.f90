! f(w; x) = V tanh(U x) with a hidden layer: w holds U (width x d), then V (c x width), row after row,
! which are the columns of Fortran's U (d, width) and V (width, c). The host derives what is not given
! here, such as Hessian products and tangent kernels.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    type(c_ptr) :: host
    integer(c_int64_t) :: width, features, outputs
  end type

  type(onager_model), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  function prepare(instance, features, outputs, parameters) bind(c) result(status)
    type(c_ptr), value :: instance
    integer(c_int64_t), value :: features, outputs
    integer(c_int64_t), intent(out) :: parameters
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    self%features = features
    self%outputs = outputs
    parameters = self%width * (features + outputs)
    status = onager_ok
  end function

  ! normal numbers, each layer's divided by the root of its inputs
  function initialise(instance, w) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_array), intent(in) :: w
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    real(c_double), allocatable :: numbers(:)
    integer(c_int64_t) :: first
    call c_f_pointer(instance, self)
    allocate (numbers(w%rows))
    call normal_numbers(self%host, 0_c_int64_t, 0_c_int64_t, numbers)
    first = self%width * self%features
    numbers(:first) = numbers(:first) / sqrt(real(self%features, c_double))
    numbers(first + 1:) = numbers(first + 1:) / sqrt(real(self%width, c_double))
    call write_to(w, reshape(numbers, [1, size(numbers)]))
    status = onager_ok
  end function

  subroutine weights(self, w, u, v)
    type(instance_type), intent(in) :: self
    type(onager_array), intent(in) :: w
    real(c_double), allocatable, intent(out) :: u(:, :), v(:, :)
    real(c_double), allocatable :: flat(:)
    integer(c_int64_t) :: first
    flat = reshape(copy_of(w), [w%rows])
    first = self%width * self%features
    u = reshape(flat(:first), [self%features, self%width])
    v = reshape(flat(first + 1:), [self%width, self%outputs])
  end subroutine

  function forward(instance, w, x, out) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_array), intent(in) :: w, x, out
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    real(c_double), allocatable :: u(:, :), v(:, :)
    call c_f_pointer(instance, self)
    call weights(self, w, u, v)
    call write_to(out, matmul(transpose(v), tanh(matmul(transpose(u), copy_of(x)))))
    status = onager_ok
  end function

  ! w_out <- sum_i J_i' c_i and column i of x_out <- X_i' c_i for the cotangents c_i; either may be
  ! NULL
  function vjp(instance, w, x, f, cotangent, argument, c, w_out, x_out) bind(c) result(status)
    type(c_ptr), value :: instance, argument, w_out, x_out
    type(c_funptr), value :: cotangent
    type(onager_array), intent(in) :: w, x, f, c
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    type(onager_array), pointer :: out
    procedure(cotangent_call), pointer :: call_cotangent
    real(c_double), allocatable :: u(:, :), v(:, :), hidden(:, :), back(:, :), flat(:)
    status = forward(instance, w, x, f)
    if (status == onager_ok .and. c_associated(cotangent)) then
      call c_f_procpointer(cotangent, call_cotangent)
      status = call_cotangent(argument) ! c is only known now
    end if
    if (status /= onager_ok) return
    call c_f_pointer(instance, self)
    call weights(self, w, u, v)
    hidden = tanh(matmul(transpose(u), copy_of(x)))
    back = matmul(v, copy_of(c)) * (1 - hidden**2)
    if (c_associated(w_out)) then
      call c_f_pointer(w_out, out)
      flat = [reshape(matmul(copy_of(x), transpose(back)), [size(u)]), &
              reshape(matmul(hidden, transpose(copy_of(c))), [size(v)])]
      call write_to(out, reshape(flat, [1, size(flat)]))
    end if
    if (c_associated(x_out)) then
      call c_f_pointer(x_out, out)
      call write_to(out, matmul(u, back))
    end if
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
    self%width = integer_value(config, 'width')
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
    if (same_text(id, onager_model_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%prepare = c_funloc(prepare)
      table%initialise = c_funloc(initialise)
      table%forward = c_funloc(forward)
      table%vjp = c_funloc(vjp)
      table%part = c_null_funptr
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'model', 'template_name', 'One hidden layer of tanh, without biases', &
        '', &
        [integer_parameter('width', 16_c_int64_t, 'Neurons of the hidden layer', at_least=1_c_int64_t)], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

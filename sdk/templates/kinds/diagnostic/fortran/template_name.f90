! The largest error |f(x) - y| on the training and on the test samples, after every round or step.
module template_name
  use onager
  implicit none
  private

  type :: instance_type
    type(c_ptr) :: host
  end type

  type(onager_diagnostic), target, save :: table
  type(c_ptr), save :: plugin = c_null_ptr

contains

  ! The array of that name; not found where the run has none.
  function array_of(view, name, a) result(status)
    type(onager_view), intent(in), target :: view
    character(*), intent(in) :: name
    type(onager_array), intent(out), target :: a
    integer(c_int32_t) :: status
    procedure(view_array_call), pointer :: get
    character(c_char), target :: letters(len(name) + 1)
    integer :: i
    do i = 1, len(name)
      letters(i) = name(i:i)
    end do
    letters(len(name) + 1) = c_null_char
    a%struct_size = int(c_sizeof(a), c_int32_t)
    call c_f_procpointer(view%array, get)
    status = get(c_loc(view), c_loc(letters), c_loc(a))
  end function

  function emit_largest(self, view, split, name) result(status)
    type(instance_type), intent(in) :: self
    type(onager_view), intent(in) :: view
    character(*), intent(in) :: split, name
    integer(c_int32_t) :: status
    type(onager_array) :: f, y
    status = array_of(view, split//'.predictions', f)
    if (status == onager_ok) status = array_of(view, split//'.targets', y)
    if (status == onager_ok) then
      status = emit_scalar(self%host, name, maxval(abs(copy_of(f) - copy_of(y))))
    else if (status == onager_not_found) then
      status = onager_ok ! such as of a run that was stopped before its first round
    end if
  end function

  function observe(instance, view) bind(c) result(status)
    type(c_ptr), value :: instance
    type(onager_view), intent(in) :: view
    integer(c_int32_t) :: status
    type(instance_type), pointer :: self
    call c_f_pointer(instance, self)
    status = emit_largest(self, view, 'train', 'largest_train_error')
    if (status == onager_ok) status = emit_largest(self, view, 'test', 'largest_test_error')
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
    if (same_text(id, onager_diagnostic_name)) at = c_loc(table)
  end function

  function onager_plugin_entry() bind(c) result(at)
    type(c_ptr) :: at
    if (.not. c_associated(plugin)) then
      table%struct_size = int(c_sizeof(table), c_int32_t)
      table%reserved = 0
      table%observe = c_funloc(observe)
      table%finish = c_null_funptr
      plugin = description('org.example.template_name', '0.1.0', 'MIT', [component( &
        'diagnostic', 'template_name', 'The largest errors on training and test samples', &
        '', &
        [onager_parameter ::], &
        c_funloc(create), c_funloc(destroy), c_funloc(interface_of))])
    end if
    at = plugin
  end function

end module template_name

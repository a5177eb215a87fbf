;; Lost updates in WebAssembly: two worker threads add one to the first number of a shared memory, so many times each.
(module
  (import "env" "memory" (memory 1 1 shared))

  ;; shared_value += 1, by load, add and store
  (func $plain (export "plain") (param $count i32)
    loop $next
      i32.const 0
      i32.const 0
      i32.load
      i32.const 1
      i32.add
      i32.store
      local.get $count
      i32.const -1
      i32.add
      local.set $count
      i32.const 0
      local.get $count
      i32.lt_s
      br_if $next
    end)

  ;; the same as one instruction
  (func $atomic (export "atomic") (param $count i32)
    loop $next
      i32.const 0
      i32.const 1
      i32.atomic.rmw.add
      drop
      local.get $count
      i32.const -1
      i32.add
      local.set $count
      i32.const 0
      local.get $count
      i32.lt_s
      br_if $next
    end))

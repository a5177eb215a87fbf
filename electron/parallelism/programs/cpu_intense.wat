;; The article's cpu_intense in WebAssembly: the same loops. A worker thread calls it once a round.
(module
  (func $is_prime (param $n i32) (result i32)
    (local $i i32)
    i32.const 2
    local.set $i
    block $no_divisor
      loop $next
        ;; for i in range(2, int(n**0.5) + 1)
        local.get $i
        local.get $n
        f64.convert_i32_s
        f64.sqrt
        i32.trunc_f64_s
        i32.const 1
        i32.add
        i32.ge_s
        br_if $no_divisor
        ;; if n % i == 0: return False
        local.get $n
        local.get $i
        i32.rem_s
        i32.eqz
        if
          i32.const 0
          return
        end
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        br $next
      end
    end
    i32.const 1)

  ;; How many primes it found: a compiler may leave out work whose result nobody reads.
  (func $cpu_intense (export "cpu_intense") (result i32)
    (local $n i32) (local $found i32)
    i32.const 3
    local.set $n
    loop $next
      local.get $found
      local.get $n
      call $is_prime
      i32.add
      local.set $found
      local.get $n
      i32.const 1
      i32.add
      local.set $n
      local.get $n
      i32.const 10000
      i32.lt_s
      br_if $next
    end
    local.get $found))

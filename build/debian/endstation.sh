#!/bin/sh
# Endstation: a command runs in Electron's own Node, anything else opens the window.
app=/opt/endstation

command_line() {
  ELECTRON_RUN_AS_NODE=1 exec "$app/endstation" "$app/resources/app/out/main/cli.cjs" "$@"
}

case "${1-}" in
  --help | --version | -h) command_line "$@" ;;
  '' | -* | *.bob | *.BOB | *.opi | *.OPI) ;;
  *) command_line "$@" ;;
esac

if [ -z "${DISPLAY-}" ] && [ -z "${WAYLAND_DISPLAY-}" ]; then
  echo 'There is no display (DISPLAY and WAYLAND_DISPLAY are not set): serving the same user interface to a browser.'
  command_line serve
fi
case " $* " in
  *' --no-sandbox '*) ;;
  *)
    if [ "$(id -u)" = 0 ]; then
      echo 'Electron refuses to run as root with its sandbox: serving the same user interface to a browser.'
      command_line serve --open
    fi
    ;;
esac
exec "$app/endstation" "$@"

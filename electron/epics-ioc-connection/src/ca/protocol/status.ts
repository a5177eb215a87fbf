// ECA status codes (EPICS base caerr.h): number = index * 8 + severity, with libca's texts.

/** Severity in the low three bits of a code. */
const kinds = { warning: 0, success: 1, error: 2, info: 3, fatal: 6 } as const;
type Kind = keyof typeof kinds;

/** Index, name, kind, text. */
const rows: readonly (readonly [number, string, Kind, string])[] = [
  [0, 'NORMAL', 'success', 'Normal successful completion'],
  [1, 'MAXIOC', 'error', 'Maximum simultaneous IOC connections exceeded'],
  [2, 'UKNHOST', 'error', 'Unknown internet host'],
  [3, 'UKNSERV', 'error', 'Unknown internet service'],
  [4, 'SOCK', 'error', 'Unable to allocate a new socket'],
  [5, 'CONN', 'warning', 'Unable to connect to internet host or service'],
  [6, 'ALLOCMEM', 'warning', 'Unable to allocate additional dynamic memory'],
  [7, 'UKNCHAN', 'warning', 'Unknown IO channel'],
  [8, 'UKNFIELD', 'warning', 'Record field specified inappropriate for channel specified'],
  [9, 'TOLARGE', 'warning', 'The requested data transfer is greater than available memory or EPICS_CA_MAX_ARRAY_BYTES'],
  [10, 'TIMEOUT', 'warning', 'User specified timeout on IO operation expired'],
  [11, 'NOSUPPORT', 'warning', 'Sorry, that feature is planned but not supported at this time'],
  [12, 'STRTOBIG', 'warning', 'The supplied string is unusually large'],
  [13, 'DISCONNCHID', 'error', 'The request was ignored because the specified channel is disconnected'],
  [14, 'BADTYPE', 'error', 'The data type specified is invalid'],
  [15, 'CHIDNOTFND', 'info', 'Remote Channel not found'],
  [16, 'CHIDRETRY', 'info', 'Unable to locate all user specified channels'],
  [17, 'INTERNAL', 'fatal', 'Channel Access Internal Failure'],
  [18, 'DBLCLFAIL', 'warning', 'The requested local DB operation failed'],
  [19, 'GETFAIL', 'warning', 'Channel read request failed'],
  [20, 'PUTFAIL', 'warning', 'Channel write request failed'],
  [21, 'ADDFAIL', 'warning', 'Channel subscription request failed'],
  [22, 'BADCOUNT', 'warning', 'Invalid element count requested'],
  [23, 'BADSTR', 'error', 'Invalid string'],
  [24, 'DISCONN', 'warning', 'Virtual circuit disconnect'],
  [25, 'DBLCHNL', 'warning', 'Identical process variable names on multiple servers'],
  [26, 'EVDISALLOW', 'error', 'Request inappropriate within subscription (monitor) update callback'],
  [27, 'BUILDGET', 'warning', 'Database value get for that channel failed during channel search'],
  [28, 'NEEDSFP', 'warning', 'Unable to initialize without the vxWorks VX_FP_TASK task option set'],
  [29, 'OVEVFAIL', 'warning', 'Event queue overflow has prevented first pass event after event add'],
  [30, 'BADMONID', 'error', 'Bad event subscription (monitor) identifier'],
  [31, 'NEWADDR', 'warning', 'Remote channel has new network address'],
  [32, 'NEWCONN', 'info', 'New or resumed network connection'],
  [33, 'NOCACTX', 'warning', 'Specified task is not a member of a CA context'],
  [34, 'DEFUNCT', 'fatal', 'Attempt to use defunct CA feature failed'],
  [35, 'EMPTYSTR', 'warning', 'The supplied string is empty'],
  [36, 'NOREPEATER', 'warning', 'Unable to spawn the CA repeater thread; auto reconnect will fail'],
  [37, 'NOCHANMSG', 'warning', 'No channel id match for search reply; search reply ignored'],
  [38, 'DLCKREST', 'warning', 'Resetting dead connection; will try to reconnect'],
  [39, 'SERVBEHIND', 'warning', 'Server (IOC) has fallen behind or is not responding; still waiting'],
  [40, 'NOCAST', 'warning', 'No internet interface with broadcast available'],
  [41, 'BADMASK', 'error', 'Invalid event selection mask'],
  [42, 'IODONE', 'info', 'IO operations have completed'],
  [43, 'IOINPROGRESS', 'info', 'IO operations are in progress'],
  [44, 'BADSYNCGRP', 'error', 'Invalid synchronous group identifier'],
  [45, 'PUTCBINPROG', 'error', 'Put callback timed out'],
  [46, 'NORDACCESS', 'warning', 'Read access denied'],
  [47, 'NOWTACCESS', 'warning', 'Write access denied'],
  [48, 'ANACHRONISM', 'error', 'Requested feature is no longer supported'],
  [49, 'NOSEARCHADDR', 'warning', 'Empty PV search address list'],
  [50, 'NOCONVERT', 'warning', 'No reasonable data conversion between client and server types'],
  [51, 'BADCHID', 'error', 'Invalid channel identifier'],
  [52, 'BADFUNCPTR', 'error', 'Invalid function pointer'],
  [53, 'ISATTACHED', 'warning', 'Thread is already attached to a client context'],
  [54, 'UNAVAILINSERV', 'warning', 'Not supported by attached service'],
  [55, 'CHANDESTROY', 'warning', 'User destroyed channel'],
  [56, 'BADPRIORITY', 'error', 'Invalid channel priority'],
  [57, 'NOTTHREADED', 'error', 'Preemptive callback not enabled; additional threads may not join context'],
  [58, '16KARRAYCLIENT', 'warning', "Client's protocol revision does not support transfers exceeding 16k bytes"],
  [59, 'CONNSEQTMO', 'warning', 'Virtual circuit connection sequence aborted'],
  [60, 'UNRESPTMO', 'warning', 'Virtual circuit unresponsive'],
];

const byCode = new Map(rows.map(([index, name, kind, text]) => [index * 8 + kinds[kind], { name: `ECA_${name}`, text }]));

/** The codes that client and server send or look at. */
export const eca = {
  NORMAL: 1, ALLOCMEM: 48, TOLARGE: 72, TIMEOUT: 80, BADTYPE: 114, INTERNAL: 142, GETFAIL: 152, PUTFAIL: 160, ADDFAIL: 168,
  BADCOUNT: 176, DISCONN: 192, BADMONID: 242, BADMASK: 330, PUTCBINPROG: 362, NORDACCESS: 368, NOWTACCESS: 376,
  NOCONVERT: 400, BADCHID: 410, UNAVAILINSERV: 432, UNRESPTMO: 480,
} as const;

/** A code is good when its lowest bit is set (success or information). */
export function isSuccess(code: number): boolean {
  return (code & 1) === 1;
}

/** `ECA_PUTFAIL`; a code that we don't know is named by its number. */
export function statusName(code: number): string {
  return byCode.get(code)?.name ?? `ECA_${code}`;
}

/** What the code means, in libca's words. */
export function statusText(code: number): string {
  return byCode.get(code)?.text ?? `Unknown status code ${code}`;
}

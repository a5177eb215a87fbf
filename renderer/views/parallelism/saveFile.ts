// Hands a file to the user: Electron asks where to keep it, a browser puts it among its downloads.

export function saveFile(name: string, contents: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(contents);
  link.download = name;
  link.click();
  // Some hosts read it only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveText(name: string, type: string, text: string): void { saveFile(name, new Blob([text], { type: `${type};charset=utf-8` })); }

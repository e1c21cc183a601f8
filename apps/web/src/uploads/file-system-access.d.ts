// What browsers of the Chromium family can do beyond the types of TypeScript.
interface FileSystemHandle {
  queryPermission(wanted: { mode: 'read' }): Promise<PermissionState>;
  requestPermission(wanted: { mode: 'read' }): Promise<PermissionState>;
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

interface Window {
  showDirectoryPicker?(options: { mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

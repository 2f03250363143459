/** What a simulated station says of itself, and keeps to. */
export const limits = {
  variables: 1000,
  listLength: 1000,
  listUpdateLength: 100,
  stackLevel: 8,
  schedulePeriods: 24,
  chargingProfiles: 10,
  fileTransferProtocols: ["FTP", "FTPS", "HTTP", "HTTPS"]
}

import Net

/// The moments by which devices that are as they should be still count as provisioned. They lie close together: a hundred
/// thousand are counted within the fraction of a millisecond, while sessions wait.
struct SoundDevices {
  struct Device {
    var lastInform: Timestamp
    /// Seconds between its periodic Informs; nil where it has not confirmed them.
    var interval: Int64?
  }

  /// Nil where there is none any more.
  var devices: [Device?] = []
  private var free: [Int] = []

  /// Puts it where it was before, or to a place that is free; or (nil) takes it out. Returns its place.
  mutating func put(_ device: Device?, inPlaceOf former: Int?) -> Int? {
    switch (device, former) {
    case (let device?, let former?):
      devices[former] = device
      return former
    case (let device?, nil):
      if let place = free.popLast() {
        devices[place] = device
        return place
      }
      devices.append(device)
      return devices.count - 1
    case (nil, let former?):
      devices[former] = nil
      free.append(former)
      return nil
    case (nil, nil): return nil
    }
  }
}

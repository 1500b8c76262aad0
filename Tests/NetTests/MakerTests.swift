import Net
import Testing

struct MakerTests {
  @Test(
    arguments: [
      ("H3C", "000FE2", "MSR36-20", "7.1.064, Release 0821P20", Maker.comware),
      ("H3C", "3CE5A6", "MSR 26-30", "5.20.106, Release 2516P15", .comware),
      ("Hewlett Packard Enterprise", "70106F", "MSR954", "CMW710-R6749P14", .comware),
      ("HP", "3822D6", "JG404A", "Comware Software, Version 7.1.049", .comware),
      ("HPE", "000FE2", "", nil, .comware),
      ("New H3C Technologies", "000FE2", "S5130", "7.1.070, Feature 3507", .comware),
      ("", "000FE2", "MSR36", "7.1", .comware),
      // Of the same makers, and not Comware.
      ("H3C", "3CE5A6", "Magic NX30", "V100R012", .other),
      ("Hewlett-Packard", "002561", "J9776A", "YA.16.08.0002", .other),
      ("HPE", "9020C2", "J9850A", "KB.16.10.0012", .other),
      ("Huawei", "00E0FC", "AR2220", "V200R009C00SPC500", .vrp),
      ("HUAWEI TECHNOLOGIES", "286ED4", "NetEngine AR651", nil, .vrp),
      ("Huawei Technologies Co., Ltd", "00259E", "HG8245", "V3R017C10S125", .other),
      ("MikroTik", "4C5E0C", "RB951Ui-2HnD", "6.49.7", .routerOS),
      ("Mikrotikls SIA", "000C42", "RB750", "7.14", .routerOS),
      ("AVM", "00040E", "FRITZ!Box", "171.08.02", .other), ("TP-Link", "000AEB", "Archer", "1.1.0 Release 7", .other),
      ("ZTE", "000102", "MSR-like", "7.1", .other), ("", "", "", nil, .other),
    ] as [(String, String, String, String?, Maker)])
  func `a router's maker shows in its Inform`(
    manufacturer: String, oui: String, productClass: String, version: String?, expected: Maker
  ) {
    #expect(
      Maker(manufacturer: manufacturer, oui: oui, productClass: productClass, softwareVersion: version) == expected)
  }

  @Test(arguments: [
    ("H3C.H3C MSR36-20", Maker.comware), ("HPE MSR954", .comware), ("huawei AR2220", .vrp), ("Huawei HG8245", .other),
    ("MikroTik", .routerOS), ("udhcp 1.30.1", .other), ("dslforum.org", .other), ("php", .other), ("", .other),
  ])
  func `a router's maker shows in its vendor class`(vendorClass: String, expected: Maker) {
    #expect(Maker(vendorClass: vendorClass) == expected)
  }
}

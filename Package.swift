// swift-tools-version: 6.2
import PackageDescription

// The layering table: a part, what it may import of ours, and what it may import of others'. The targets are made from
// it, and Tests/LayeringTests holds every import against it.

struct Part {
  let name: String
  var imports: [String] = []
  var libraries: [Target.Dependency] = []
  var resources: [Resource] = []
}

let domain = ["DHCP", "DNS", "TFTP", "CWMP", "Provisioning", "Journey"]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let parts: [Part] = [
  Part(name: "Net"),
  Part(name: "HTTP"),
  Part(name: "XML", imports: ["CLibXML2"]),
  Part(name: "DHCP", imports: ["Net"]),
  Part(name: "DNS", imports: ["Net"]),
  Part(name: "TFTP", imports: ["Net"]),
  Part(name: "Journey", imports: ["Net"]),
  Part(name: "CWMP", imports: ["Net", "XML"]),
  Part(name: "Provisioning", imports: ["Net", "CWMP"]),
  Part(name: "Store", imports: ["Net"] + domain),
  Part(name: "SQLiteStore", imports: ["Store", "Net"] + domain, libraries: [grdb, sqlite]),
  Part(name: "ConfigurationFile", imports: ["Net"] + domain, libraries: [yams]),
  Part(
    name: "Transport", imports: ["Net", "HTTP", "CLibPcap", "CLibCurl", "CLinux", "CZlib"],
    libraries: [lifecycle, crypto, cryptoExtras, nioCore, nioHTTP1, nioPosix, nioTLS, nioSSL, x509, asn1]),
  Part(name: "Services", imports: ["Net", "HTTP", "Store", "Transport"] + domain, libraries: [logging, lifecycle]),
  Part(name: "Management", imports: ["Net", "HTTP", "Store"] + domain),
  Part(name: "CPE", imports: ["Net", "HTTP", "XML", "DHCP", "DNS", "TFTP", "CWMP", "Transport"], libraries: [logging]),
]

let shims = ["CLibXML2": "xml2", "CLibPcap": "pcap", "CLibCurl": "curl", "CLinux": "c", "CZlib": "z"]

let swiftSettings: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "usher",
  products: [.executable(name: "usher", targets: ["usher"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets:
    shims.keys.sorted().map { name in
      // Debian keeps libxml2's headers in a folder of their own; only the shim's C file sees them.
      .target(
        name: name, cSettings: name == "CLibXML2" ? [.unsafeFlags(["-I/usr/include/libxml2"])] : [],
        linkerSettings: [.linkedLibrary(shims[name] ?? name)])
    }
    + parts.map { part in
      .target(
        name: part.name, dependencies: part.imports.map { .init(stringLiteral: $0) } + part.libraries,
        resources: part.resources, swiftSettings: swiftSettings)
    }
    + [
      .executableTarget(
        name: "usher",
        dependencies: parts.map { .init(stringLiteral: $0.name) } + [argumentParser, logging, lifecycle, signals],
        swiftSettings: swiftSettings)
    ]
    + parts.map { part in
      .testTarget(
        name: "\(part.name)Tests",
        dependencies: [.init(stringLiteral: part.name)] + part.imports.map { .init(stringLiteral: $0) },
        swiftSettings: swiftSettings)
    }
    + [
      .testTarget(name: "LayeringTests", swiftSettings: swiftSettings),
      .testTarget(
        name: "Integration",
        dependencies: ["Net", "HTTP", "DHCP", "DNS", "TFTP", "CWMP", "XML", "Transport", "Store", "SQLiteStore"],
        swiftSettings: swiftSettings),
    ]
)

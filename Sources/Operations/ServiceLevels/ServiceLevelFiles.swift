import BoringDeploy

extension ConfigurationFile {
    /// The objectives of all services, from their files. One that is of another service than the
    /// one that names its file is a fault.
    package func objectives() throws(ConfigurationError) -> [OpenSLOFile] {
        var files: [OpenSLOFile] = []
        for service in configuration.services {
            for path in service.slos {
                let file = try OpenSLOFile(path: resolved(path))
                for level in file.levels {
                    guard level.service == service.name else {
                        throw .invalid(
                            path: file.path,
                            [
                                ConfigurationFault(
                                    line: 1,
                                    message: "the SLO \(level.name) is of the service "
                                        + "\(level.service), and daybook.yaml names this file for "
                                        + "\(service.name)")
                            ])
                    }
                }
                files.append(file)
            }
        }
        return files
    }
}

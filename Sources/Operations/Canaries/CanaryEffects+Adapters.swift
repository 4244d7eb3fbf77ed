import BoringDeploy
import Foundation

extension CanaryEffects {
    /// The adapters that the configuration names.
    package init(_ configuration: Configuration, folder: String?) throws(RouterError) {
        var routers: [String: any TrafficRouter] = [:]
        var sources: [String: any MetricsSource] = [:]
        // Only a train that measures needs what the variables hold.
        let wanted = configuration.train.compactMap { step in
            switch step {
            case .canary(let plan): plan.environment
            case .verify(let plan): plan.golden == nil ? nil : plan.environment
            default: nil as String?
            }
        }
        for environment in configuration.environments {
            switch environment.router {
            case .haproxy(let socket, let backend, let stable, let canary):
                routers[environment.name] = HAProxyRouter(
                    socket: socket, backend: backend, stable: stable, canary: canary)
            case .exec(let argv):
                routers[environment.name] = ExecRouter(argv, ExecCommandRunner(), folder: folder)
            case nil: break
            }
            guard let metrics = environment.metrics else { continue }
            do {
                sources[environment.name] = try PrometheusSource(
                    metrics, variables: ProcessInfo.processInfo.environment, folder: folder)
            } catch {
                guard !wanted.contains(environment.name) else { throw error }
            }
        }
        self.init(routers: routers, sources: sources)
    }
}

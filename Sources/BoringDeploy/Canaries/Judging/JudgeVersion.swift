/// Changes with whatever changes a verdict; every recorded verdict names it.
package enum JudgeVersion {
    package static let text = "sequential/1"
}

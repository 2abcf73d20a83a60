using DigitML.AutoML.Studies;

namespace DigitML.Web;

/// <summary>A study to show. It is read and never written.</summary>
/// <param name="Store">Where its trials are, opened; whoever opened it disposes of it.</param>
/// <param name="Description">What it is about.</param>
public sealed record StudySource(IStudyStore Store, StudyDescription Description);

"""Diary, couples and claims: models and reports for relationship research."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

# Where each public name lives. A name is imported when it is first asked for, so that
# `import intimacy_analysis` stays far below a second and loads no engine.
_HOME = {
    "AffectionTruth": "simulation.affection_truth",
    "BollenStine": "paths.bollen_stine",
    "Claim": "claims.claim",
    "ClaimFigures": "report.single_figure",
    "Codebook": "study.codebook",
    "CodebookFile": "loaders.codebook",
    "Compliance": "study.compliance",
    "CongruenceTests": "matching.congruence",
    "CorrectedFit": "dyadic.corrected_fit",
    "CorrelationComparison": "correlations.dependent",
    "CorrelationTable": "correlations.correlation_table",
    "CouplesEvidence": "claims.couples_evidence",
    "CouplesTruth": "simulation.couples_truth",
    "DataError": "errors",
    "DeprivationTruth": "simulation.deprivation_truth",
    "DiaryFrame": "study.diary",
    "DiaryPartnerCorrelations": "correlations.diary_partners",
    "DifferenceReliability": "reliability.difference_score",
    "DirectionGap": "dyadic.direction_gap",
    "Distinguishability": "dyadic.distinguishability",
    "DyadFrame": "study.dyads",
    "DyadicComparison": "dyadic.dyadic_comparison",
    "EquivalenceTest": "correlations.equivalence",
    "Estimate": "estimates",
    "EstimateTable": "estimates",
    "Evidence": "claims.evidence",
    "FiellerSet": "dyadic.fieller",
    "Finding": "claims.finding",
    "FitError": "errors",
    "FitIndices": "paths.fit_indices",
    "HypothesisTests": "dyadic.hypotheses",
    "ImportReport": "study.study",
    "Instrument": "dyadic.instruments",
    "IntimacyError": "errors",
    "InvarianceLadder": "dyadic.invariance",
    "ItemAnalysis": "reliability.item_analysis",
    "ItemBiasTable": "dyadic.effect_sizes",
    "JohnsonNeyman": "mixed.johnson_neyman",
    "LoveLanguagesTruth": "simulation.love_languages_truth",
    "MessyCouples": "simulation.messy_couples",
    "MetaAnalysis": "synthesis.meta_analysis",
    "MismatchBeyondLevels": "matching.mismatch_beyond_levels",
    "MixedModelResult": "mixed.result",
    "MixedModelSpec": "mixed.spec",
    "ModelComparison": "mixed.comparison",
    "ModerationFrame": "dyadic.moderation_frame",
    "MultilevelOmega": "reliability.multilevel_omega",
    "MultilevelSurface": "matching.multilevel_surface",
    "PairPlot": "figures.pair_plot",
    "PairTruth": "simulation.pair_truth",
    "ParallelAnalysis": "reliability.parallel_analysis",
    "PartialInvariance": "dyadic.partial_invariance",
    "PartnerCorrelations": "correlations.partner_correlations",
    "PathComparison": "paths.comparison",
    "PathDiagram": "figures.path_diagram",
    "PathModelResult": "paths.result",
    "PathModelSpec": "paths.spec",
    "PatternK": "dyadic.pattern_k",
    "PatternTests": "dyadic.pattern_tests",
    "PersonMeanReliability": "reliability.person_means",
    "Polychoric": "correlations.polychoric",
    "PrintedMoments": "paths.moments",
    "ProfileMismatch": "matching.profile_mismatch",
    "PseudoCouples": "matching.pseudo_couples",
    "PublishedFact": "claims.published",
    "Questionnaire": "scales.questionnaires",
    "QuestionnaireReport": "scales.questionnaire_scores",
    "RecoveryTable": "simulation.recovery",
    "RegressionResult": "regression.result",
    "Reliability": "dyadic.reliability",
    "Report": "report.reproduction",
    "ResponseSurface": "matching.response_surface",
    "RunOptions": "report.run_record",
    "Scale": "study.scale",
    "ScoringReport": "scales.scoring",
    "SharedTimeTruth": "simulation.shared_time",
    "SpecError": "errors",
    "Study": "study.study",
    "StudyEffect": "synthesis.study_effect",
    "StudyFile": "report.study_file",
    "StudyFileReport": "report.study_check",
    "SurfaceModels": "matching.surface_models",
    "SurveyEvidence": "claims.survey_evidence",
    "SurveyFrame": "study.survey",
    "TechnoferenceTruth": "simulation.technoference_truth",
    "TruthAndBias": "matching.truth_and_bias",
    "TruthAndBiasDiary": "matching.truth_and_bias_diary",
    "ValidationReport": "loaders.validation",
    "Variable": "study.codebook",
    "VarianceTest": "mixed.variance_tests",
    "Verdict": "claims.verdict",
    "WaldTest": "paths.comparison",
    "WithinBetweenCorrelations": "correlations.within_between",
    "WithinPersonReliability": "reliability.within_person",
    "actor_partner": "dyadic.actor_partner",
    "actor_partner_forest": "figures.actor_partner_forest",
    "actor_partner_mediation": "dyadic.mediation",
    "actor_partner_moderation": "dyadic.moderation",
    "add_person_mean": "transforms.person_means",
    "answered_days": "figures.compliance",
    "as_dyad_individual": "dyadic.reparameterized",
    "as_dyadic_scores": "dyadic.reparameterized",
    "as_mutual_influence": "dyadic.influence_ratio",
    "bollen_stine_test": "paths.bollen_stine",
    "bundled_studies": "loaders.bundled",
    "center_within_person": "transforms.centering",
    "chain_bound": "figures.chain_bound",
    "chain_model": "claims.chain_models",
    "check_common_fate": "dyadic.partners_share",
    "claim_figures": "report.single_figure",
    "claim_keys": "claims.registry",
    "common_fate": "dyadic.common_fate",
    "compare_dependent_correlations": "correlations.dependent",
    "compare_dyadic_models": "dyadic.dyadic_comparison",
    "compare_models": "mixed.comparison",
    "compare_path_models": "paths.comparison",
    "compare_surface_models": "matching.surface_models",
    "compliance": "study.compliance",
    "congruence_tests": "matching.congruence",
    "correct_for_attenuation": "correlations.attenuation",
    "corrected_fit": "dyadic.corrected_fit",
    "correlate": "correlations.correlate",
    "correlation_effect": "synthesis.study_effect",
    "correlation_heatmap": "figures.correlation_heatmap",
    "couples_from_long": "transforms.reshaping",
    "daily_shares": "claims.daily_shares",
    "describe": "dyadic.describe",
    "describe_invariance": "dyadic.describe_invariance",
    "describe_reliability": "dyadic.describe_reliability",
    "diary_partner_correlations": "correlations.diary_partners",
    "difference_reliability": "reliability.difference_score",
    "direction_gap": "dyadic.direction_gap",
    "disattenuated_correlations": "correlations.disattenuation",
    "discrepancy_scores": "scales.discrepancy",
    "distinguishability": "dyadic.distinguishability",
    "dmacs": "dyadic.effect_sizes",
    "draft_codebook": "loaders.codebook_draft",
    "draw_actor_partner_forest": "figures.actor_partner_forest",
    "draw_chain_bound": "figures.chain_bound",
    "draw_compliance": "figures.compliance",
    "draw_correlation_heatmap": "figures.correlation_heatmap",
    "draw_estimate_forest": "figures.estimate_forest",
    "draw_implied_observed": "figures.implied_observed",
    "draw_indirect_effects": "figures.indirect_effects",
    "draw_johnson_neyman": "figures.johnson_neyman",
    "draw_meta_forest": "figures.meta_forest",
    "draw_pair_plot": "figures.pair_plot",
    "draw_path_diagram": "figures.path_diagram_ink",
    "draw_person_slopes": "figures.person_slopes",
    "draw_published_and_reestimated": "figures.published_and_reestimated",
    "draw_response_surface": "figures.response_surface",
    "draw_scree": "figures.scree",
    "draw_strangers_histogram": "figures.strangers_histogram",
    "draw_weekday_weekend_slopes": "figures.weekday_weekend_slopes",
    "dyad_individual": "dyadic.dyad_individual",
    "dyadic_factor_model": "dyadic.measurement",
    "dyadic_reliability": "dyadic.reliability",
    "dyadic_response_surface": "matching.response_surface",
    "dyadic_score": "dyadic.dyadic_scores",
    "effect_equality": "dyadic.distinguishability",
    "effects_table": "dyadic.effects_table",
    "equal_effects": "dyadic.actor_partner",
    "equal_patterns": "dyadic.pattern_tests",
    "equivalence_test": "correlations.equivalence",
    "estimate_contrast": "mixed.contrasts",
    "estimate_expression": "paths.comparison",
    "estimate_forest": "figures.estimate_forest",
    "explained_variance": "mixed.explained",
    "fieller_set": "dyadic.fieller",
    "find_claims": "claims.registry",
    "fit_mixed_model": "mixed.fitting",
    "fit_path_model": "paths.fitting",
    "fit_regression": "regression.fitting",
    "found_effect": "claims.effects_to_combine",
    "group_slopes": "mixed.group_effects",
    "hypothesis_tests": "dyadic.hypotheses",
    "implied_observed": "figures.implied_observed",
    "import_report_text": "loaders.import_text",
    "indirect_effects": "figures.indirect_effects",
    "information_criteria": "mixed.information_criteria",
    "instrument_strength": "dyadic.instruments",
    "intraclass_correlations": "reliability.intraclass",
    "invariance_ladder": "dyadic.invariance",
    "item_analysis": "reliability.item_analysis",
    "item_bias": "dyadic.effect_sizes",
    "johnson_neyman": "mixed.johnson_neyman",
    "johnson_neyman_curve": "figures.johnson_neyman",
    "joint_significance": "dyadic.joint_significance",
    "joint_test": "mixed.contrasts",
    "lag_within_person": "transforms.lagging",
    "latent_actor_partner": "dyadic.latent_actor_partner",
    "latent_common_fate": "dyadic.latent_common_fate",
    "lavaan_text": "paths.lavaan_text",
    "load_study": "loaders.study",
    "meta_analysis": "synthesis.meta_analysis",
    "meta_forest": "figures.meta_forest",
    "mismatch_beyond_levels": "matching.mismatch_beyond_levels",
    "moderation_frame": "dyadic.moderation_frame",
    "moderation_hypotheses": "dyadic.moderation",
    "monte_carlo_intervals": "paths.monte_carlo",
    "mplus_text": "paths.mplus_text",
    "multilevel_omega": "reliability.multilevel_omega",
    "multilevel_response_surface": "matching.multilevel_surface",
    "mutual_influence": "dyadic.mutual_influence",
    "new_study": "report.new_study",
    "null_indistinguishable": "dyadic.indistinguishable",
    "observe_covariance": "paths.observe",
    "pair_plot": "figures.pair_plot",
    "parallel_analysis": "reliability.parallel_analysis",
    "partial_correlations": "correlations.partial",
    "partial_invariance": "dyadic.partial_invariance",
    "partner_correlations": "correlations.partner_correlations",
    "partner_similarity": "reliability.partner_similarity",
    "path_diagram": "figures.path_diagram",
    "pattern_k": "dyadic.pattern_k",
    "pattern_tests": "dyadic.pattern_tests",
    "person_mean_reliability": "reliability.person_means",
    "person_slopes": "figures.person_slopes",
    "polychoric_correlation": "correlations.polychoric",
    "profile_mismatch": "matching.profile_mismatch",
    "proportion_mediated": "dyadic.proportion_mediated",
    "pseudo_couples": "matching.pseudo_couples",
    "published_and_reestimated": "figures.published_and_reestimated",
    "published_effect": "claims.effects_to_combine",
    "questionnaire": "scales.questionnaires",
    "questionnaire_names": "scales.questionnaires",
    "random_slope_test": "mixed.variance_tests",
    "read_codebook": "loaders.codebook",
    "read_model": "paths.syntax",
    "read_study_file": "report.study_file",
    "recovery_study": "simulation.recovery",
    "regression_r_squared": "regression.explained",
    "repeated_measures_correlation": "correlations.repeated_measures",
    "replicate": "simulation.replicate",
    "reproduce": "report.reproduction",
    "rerun": "report.reproduction",
    "response_surface": "matching.response_surface",
    "response_surface_map": "figures.response_surface",
    "reversed_chain": "claims.chain_models",
    "rival_model": "dyadic.rival_directions",
    "saturated_indistinguishable": "dyadic.indistinguishable",
    "save_figure": "figures.save",
    "score_questionnaire": "scales.questionnaire_scores",
    "score_scale": "scales.scoring",
    "scree": "figures.scree",
    "serial_effects": "claims.chain_serial",
    "shared_time_recovery": "simulation.shared_time_recovery",
    "simple_effects": "dyadic.simple_effects",
    "simple_slopes": "mixed.simple_slopes",
    "simulate_affection": "simulation.affection_survey",
    "simulate_couples": "simulation.couples_survey",
    "simulate_deprivation": "simulation.deprivation_survey",
    "simulate_love_languages": "simulation.love_languages_survey",
    "simulate_pair": "simulation.pair_survey",
    "simulate_shared_time": "simulation.shared_time",
    "simulate_technoference": "simulation.technoference",
    "slope_heterogeneity": "mixed.heterogeneity",
    "smallest_significant": "claims.chain_consistency",
    "standardize": "transforms.standardizing",
    "standardize_regression": "regression.standardized",
    "standardized_effects": "dyadic.standardized_effects",
    "started_from_actor_partner": "dyadic.influence_ratio",
    "strangers_histogram": "figures.strangers_histogram",
    "truth_and_bias": "matching.truth_and_bias",
    "truth_and_bias_diary": "matching.truth_and_bias_diary",
    "validate_file": "loaders.validation",
    "validate_study_file": "report.study_check",
    "wald_test": "paths.comparison",
    "weekday_weekend_slopes": "figures.weekday_weekend_slopes",
    "with_joblib": "simulation.replicate",
    "within_between_correlations": "correlations.within_between",
    "within_person_points": "figures.weekday_weekend_slopes",
    "within_person_reliability": "reliability.within_person",
    "write_codebook": "loaders.codebook_text",
    "write_messy_couples": "simulation.messy_couples",
    "write_report": "report.write",
    "write_tables": "tables.write",
}

__all__ = ["__version__", *sorted(_HOME)]

if TYPE_CHECKING:
    from intimacy_analysis.claims.chain_consistency import smallest_significant
    from intimacy_analysis.claims.chain_models import chain_model, reversed_chain
    from intimacy_analysis.claims.chain_serial import serial_effects
    from intimacy_analysis.claims.claim import Claim
    from intimacy_analysis.claims.couples_evidence import CouplesEvidence
    from intimacy_analysis.claims.daily_shares import daily_shares
    from intimacy_analysis.claims.effects_to_combine import found_effect, published_effect
    from intimacy_analysis.claims.evidence import Evidence
    from intimacy_analysis.claims.finding import Finding
    from intimacy_analysis.claims.published import PublishedFact
    from intimacy_analysis.claims.registry import claim_keys, find_claims
    from intimacy_analysis.claims.survey_evidence import SurveyEvidence
    from intimacy_analysis.claims.verdict import Verdict
    from intimacy_analysis.correlations.attenuation import correct_for_attenuation
    from intimacy_analysis.correlations.correlate import correlate
    from intimacy_analysis.correlations.correlation_table import CorrelationTable
    from intimacy_analysis.correlations.dependent import (
        CorrelationComparison,
        compare_dependent_correlations,
    )
    from intimacy_analysis.correlations.diary_partners import (
        DiaryPartnerCorrelations,
        diary_partner_correlations,
    )
    from intimacy_analysis.correlations.disattenuation import disattenuated_correlations
    from intimacy_analysis.correlations.equivalence import EquivalenceTest, equivalence_test
    from intimacy_analysis.correlations.partial import partial_correlations
    from intimacy_analysis.correlations.partner_correlations import (
        PartnerCorrelations,
        partner_correlations,
    )
    from intimacy_analysis.correlations.polychoric import Polychoric, polychoric_correlation
    from intimacy_analysis.correlations.repeated_measures import repeated_measures_correlation
    from intimacy_analysis.correlations.within_between import (
        WithinBetweenCorrelations,
        within_between_correlations,
    )
    from intimacy_analysis.dyadic.actor_partner import actor_partner, equal_effects
    from intimacy_analysis.dyadic.common_fate import common_fate
    from intimacy_analysis.dyadic.corrected_fit import CorrectedFit, corrected_fit
    from intimacy_analysis.dyadic.describe import describe
    from intimacy_analysis.dyadic.describe_invariance import describe_invariance
    from intimacy_analysis.dyadic.describe_reliability import describe_reliability
    from intimacy_analysis.dyadic.direction_gap import DirectionGap, direction_gap
    from intimacy_analysis.dyadic.distinguishability import (
        Distinguishability,
        distinguishability,
        effect_equality,
    )
    from intimacy_analysis.dyadic.dyad_individual import dyad_individual
    from intimacy_analysis.dyadic.dyadic_comparison import DyadicComparison, compare_dyadic_models
    from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
    from intimacy_analysis.dyadic.effect_sizes import ItemBiasTable, dmacs, item_bias
    from intimacy_analysis.dyadic.effects_table import effects_table
    from intimacy_analysis.dyadic.fieller import FiellerSet, fieller_set
    from intimacy_analysis.dyadic.hypotheses import HypothesisTests, hypothesis_tests
    from intimacy_analysis.dyadic.indistinguishable import (
        null_indistinguishable,
        saturated_indistinguishable,
    )
    from intimacy_analysis.dyadic.influence_ratio import (
        as_mutual_influence,
        started_from_actor_partner,
    )
    from intimacy_analysis.dyadic.instruments import Instrument, instrument_strength
    from intimacy_analysis.dyadic.invariance import InvarianceLadder, invariance_ladder
    from intimacy_analysis.dyadic.joint_significance import joint_significance
    from intimacy_analysis.dyadic.latent_actor_partner import latent_actor_partner
    from intimacy_analysis.dyadic.latent_common_fate import latent_common_fate
    from intimacy_analysis.dyadic.measurement import dyadic_factor_model
    from intimacy_analysis.dyadic.mediation import actor_partner_mediation
    from intimacy_analysis.dyadic.moderation import actor_partner_moderation, moderation_hypotheses
    from intimacy_analysis.dyadic.moderation_frame import ModerationFrame, moderation_frame
    from intimacy_analysis.dyadic.mutual_influence import mutual_influence
    from intimacy_analysis.dyadic.partial_invariance import PartialInvariance, partial_invariance
    from intimacy_analysis.dyadic.partners_share import check_common_fate
    from intimacy_analysis.dyadic.pattern_k import PatternK, pattern_k
    from intimacy_analysis.dyadic.pattern_tests import PatternTests, equal_patterns, pattern_tests
    from intimacy_analysis.dyadic.proportion_mediated import proportion_mediated
    from intimacy_analysis.dyadic.reliability import Reliability, dyadic_reliability
    from intimacy_analysis.dyadic.reparameterized import as_dyad_individual, as_dyadic_scores
    from intimacy_analysis.dyadic.rival_directions import rival_model
    from intimacy_analysis.dyadic.simple_effects import simple_effects
    from intimacy_analysis.dyadic.standardized_effects import standardized_effects
    from intimacy_analysis.errors import DataError, FitError, IntimacyError, SpecError
    from intimacy_analysis.estimates import Estimate, EstimateTable
    from intimacy_analysis.figures.actor_partner_forest import (
        actor_partner_forest,
        draw_actor_partner_forest,
    )
    from intimacy_analysis.figures.chain_bound import chain_bound, draw_chain_bound
    from intimacy_analysis.figures.compliance import answered_days, draw_compliance
    from intimacy_analysis.figures.correlation_heatmap import (
        correlation_heatmap,
        draw_correlation_heatmap,
    )
    from intimacy_analysis.figures.estimate_forest import draw_estimate_forest, estimate_forest
    from intimacy_analysis.figures.implied_observed import draw_implied_observed, implied_observed
    from intimacy_analysis.figures.indirect_effects import draw_indirect_effects, indirect_effects
    from intimacy_analysis.figures.johnson_neyman import draw_johnson_neyman, johnson_neyman_curve
    from intimacy_analysis.figures.meta_forest import draw_meta_forest, meta_forest
    from intimacy_analysis.figures.pair_plot import PairPlot, draw_pair_plot, pair_plot
    from intimacy_analysis.figures.path_diagram import PathDiagram, path_diagram
    from intimacy_analysis.figures.path_diagram_ink import draw_path_diagram
    from intimacy_analysis.figures.person_slopes import draw_person_slopes, person_slopes
    from intimacy_analysis.figures.published_and_reestimated import (
        draw_published_and_reestimated,
        published_and_reestimated,
    )
    from intimacy_analysis.figures.response_surface import (
        draw_response_surface,
        response_surface_map,
    )
    from intimacy_analysis.figures.save import save_figure
    from intimacy_analysis.figures.scree import draw_scree, scree
    from intimacy_analysis.figures.strangers_histogram import (
        draw_strangers_histogram,
        strangers_histogram,
    )
    from intimacy_analysis.figures.weekday_weekend_slopes import (
        draw_weekday_weekend_slopes,
        weekday_weekend_slopes,
        within_person_points,
    )
    from intimacy_analysis.loaders.bundled import bundled_studies
    from intimacy_analysis.loaders.codebook import CodebookFile, read_codebook
    from intimacy_analysis.loaders.codebook_draft import draft_codebook
    from intimacy_analysis.loaders.codebook_text import write_codebook
    from intimacy_analysis.loaders.import_text import import_report_text
    from intimacy_analysis.loaders.study import load_study
    from intimacy_analysis.loaders.validation import ValidationReport, validate_file
    from intimacy_analysis.matching.congruence import CongruenceTests, congruence_tests
    from intimacy_analysis.matching.mismatch_beyond_levels import (
        MismatchBeyondLevels,
        mismatch_beyond_levels,
    )
    from intimacy_analysis.matching.multilevel_surface import (
        MultilevelSurface,
        multilevel_response_surface,
    )
    from intimacy_analysis.matching.profile_mismatch import ProfileMismatch, profile_mismatch
    from intimacy_analysis.matching.pseudo_couples import PseudoCouples, pseudo_couples
    from intimacy_analysis.matching.response_surface import (
        ResponseSurface,
        dyadic_response_surface,
        response_surface,
    )
    from intimacy_analysis.matching.surface_models import SurfaceModels, compare_surface_models
    from intimacy_analysis.matching.truth_and_bias import TruthAndBias, truth_and_bias
    from intimacy_analysis.matching.truth_and_bias_diary import (
        TruthAndBiasDiary,
        truth_and_bias_diary,
    )
    from intimacy_analysis.mixed.comparison import ModelComparison, compare_models
    from intimacy_analysis.mixed.contrasts import estimate_contrast, joint_test
    from intimacy_analysis.mixed.explained import explained_variance
    from intimacy_analysis.mixed.fitting import fit_mixed_model
    from intimacy_analysis.mixed.group_effects import group_slopes
    from intimacy_analysis.mixed.heterogeneity import slope_heterogeneity
    from intimacy_analysis.mixed.information_criteria import information_criteria
    from intimacy_analysis.mixed.johnson_neyman import JohnsonNeyman, johnson_neyman
    from intimacy_analysis.mixed.result import MixedModelResult
    from intimacy_analysis.mixed.simple_slopes import simple_slopes
    from intimacy_analysis.mixed.spec import MixedModelSpec
    from intimacy_analysis.mixed.variance_tests import VarianceTest, random_slope_test
    from intimacy_analysis.paths.bollen_stine import BollenStine, bollen_stine_test
    from intimacy_analysis.paths.comparison import (
        PathComparison,
        WaldTest,
        compare_path_models,
        estimate_expression,
        wald_test,
    )
    from intimacy_analysis.paths.fit_indices import FitIndices
    from intimacy_analysis.paths.fitting import fit_path_model
    from intimacy_analysis.paths.lavaan_text import lavaan_text
    from intimacy_analysis.paths.moments import PrintedMoments
    from intimacy_analysis.paths.monte_carlo import monte_carlo_intervals
    from intimacy_analysis.paths.mplus_text import mplus_text
    from intimacy_analysis.paths.observe import observe_covariance
    from intimacy_analysis.paths.result import PathModelResult
    from intimacy_analysis.paths.spec import PathModelSpec
    from intimacy_analysis.paths.syntax import read_model
    from intimacy_analysis.regression.explained import regression_r_squared
    from intimacy_analysis.regression.fitting import fit_regression
    from intimacy_analysis.regression.result import RegressionResult
    from intimacy_analysis.regression.standardized import standardize_regression
    from intimacy_analysis.reliability.difference_score import (
        DifferenceReliability,
        difference_reliability,
    )
    from intimacy_analysis.reliability.intraclass import intraclass_correlations
    from intimacy_analysis.reliability.item_analysis import ItemAnalysis, item_analysis
    from intimacy_analysis.reliability.multilevel_omega import MultilevelOmega, multilevel_omega
    from intimacy_analysis.reliability.parallel_analysis import ParallelAnalysis, parallel_analysis
    from intimacy_analysis.reliability.partner_similarity import partner_similarity
    from intimacy_analysis.reliability.person_means import (
        PersonMeanReliability,
        person_mean_reliability,
    )
    from intimacy_analysis.reliability.within_person import (
        WithinPersonReliability,
        within_person_reliability,
    )
    from intimacy_analysis.report.new_study import new_study
    from intimacy_analysis.report.reproduction import Report, reproduce, rerun
    from intimacy_analysis.report.run_record import RunOptions
    from intimacy_analysis.report.single_figure import ClaimFigures, claim_figures
    from intimacy_analysis.report.study_check import StudyFileReport, validate_study_file
    from intimacy_analysis.report.study_file import StudyFile, read_study_file
    from intimacy_analysis.report.write import write_report
    from intimacy_analysis.scales.discrepancy import discrepancy_scores
    from intimacy_analysis.scales.questionnaire_scores import (
        QuestionnaireReport,
        score_questionnaire,
    )
    from intimacy_analysis.scales.questionnaires import (
        Questionnaire,
        questionnaire,
        questionnaire_names,
    )
    from intimacy_analysis.scales.scoring import ScoringReport, score_scale
    from intimacy_analysis.simulation.affection_survey import simulate_affection
    from intimacy_analysis.simulation.affection_truth import AffectionTruth
    from intimacy_analysis.simulation.couples_survey import simulate_couples
    from intimacy_analysis.simulation.couples_truth import CouplesTruth
    from intimacy_analysis.simulation.deprivation_survey import simulate_deprivation
    from intimacy_analysis.simulation.deprivation_truth import DeprivationTruth
    from intimacy_analysis.simulation.love_languages_survey import simulate_love_languages
    from intimacy_analysis.simulation.love_languages_truth import LoveLanguagesTruth
    from intimacy_analysis.simulation.messy_couples import MessyCouples, write_messy_couples
    from intimacy_analysis.simulation.pair_survey import simulate_pair
    from intimacy_analysis.simulation.pair_truth import PairTruth
    from intimacy_analysis.simulation.recovery import RecoveryTable, recovery_study
    from intimacy_analysis.simulation.replicate import replicate, with_joblib
    from intimacy_analysis.simulation.shared_time import SharedTimeTruth, simulate_shared_time
    from intimacy_analysis.simulation.shared_time_recovery import shared_time_recovery
    from intimacy_analysis.simulation.technoference import simulate_technoference
    from intimacy_analysis.simulation.technoference_truth import TechnoferenceTruth
    from intimacy_analysis.study.codebook import Codebook, Variable
    from intimacy_analysis.study.compliance import Compliance, compliance
    from intimacy_analysis.study.diary import DiaryFrame
    from intimacy_analysis.study.dyads import DyadFrame
    from intimacy_analysis.study.scale import Scale
    from intimacy_analysis.study.study import ImportReport, Study
    from intimacy_analysis.study.survey import SurveyFrame
    from intimacy_analysis.synthesis.meta_analysis import MetaAnalysis, meta_analysis
    from intimacy_analysis.synthesis.study_effect import StudyEffect, correlation_effect
    from intimacy_analysis.tables.write import write_tables
    from intimacy_analysis.transforms.centering import center_within_person
    from intimacy_analysis.transforms.lagging import lag_within_person
    from intimacy_analysis.transforms.person_means import add_person_mean
    from intimacy_analysis.transforms.reshaping import couples_from_long
    from intimacy_analysis.transforms.standardizing import standardize


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

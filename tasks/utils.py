from ifeval_fi.integrations.lm_eval import IfevalTask, process_results, rate, serve, standard_error

__all__ = ["IfevalTask", "process_results", "rate", "serve", "standard_error"]
